import type { LogPage, LogRow } from '../console-data.ts';
import { anyOf, Choice, Field, filterIn } from './filter.tsx';
import { Loaded, useData, useReadAgain } from './loaded.tsx';
import { logLink } from './route.ts';
import { Columns, ScrollTable } from './scroll-table.tsx';
import { ownZone, timeIn } from './times.ts';

const READ_AGAIN_MS = 3_000;

const PERIODS = { '15': '15 minutes', '': 'hour', '1440': 'day', '10080': '7 days' };

const TONES: Readonly<Record<string, string>> = { WARN: 'quiet', ERROR: 'bad', FATAL: 'bad' };

/** What the functions have logged, newest first; the address holds the filter. */
export function LogView({ query }: { query: URLSearchParams }) {
  const data = useData<LogPage>(`log?${query}`);
  useReadAgain(READ_AGAIN_MS, true);
  const of = filterIn(query, logLink);
  const { filter, choose } = of;
  return (
    <>
      <h1>Log</h1>
      <Loaded data={data}>
        {({ rows, isCut, triggers }) => (
          <>
            <div class="filters">
              <Choice of={of} name="trigger" options={anyOf(triggers)} />
              <Choice of={of} name="minutes" label="of the last" options={PERIODS} />
              <Field label="with the text" value={filter.text} set={choose('text')} />
              <label>
                <input
                  type="checkbox"
                  checked={filter.routine !== undefined}
                  onChange={(event) => choose('routine')(event.currentTarget.checked ? 'yes' : '')}
                />{' '}
                also what comes every minute
              </label>
            </div>
            {filter.firing !== undefined && (
              <p>
                Only about <bdi>{filter.firing}</bdi>.{' '}
                <a href={logLink({ ...filter, firing: '' })}>About all</a>
              </p>
            )}
            {rows.length > 0 ? <LogTable rows={rows} /> : <p class="box">Nothing was logged.</p>}
            {isCut && <p class="dim">Only the newest {rows.length} lines are shown.</p>}
          </>
        )}
      </Loaded>
    </>
  );
}

function LogTable({ rows }: { rows: readonly LogRow[] }) {
  return (
    <ScrollTable
      label="Log lines, newest first"
      class="log"
      head={<Columns names={[`Time (${ownZone})`, 'Level', 'Function', 'Event', 'What']} />}
    >
      {rows.map(({ id, time, source, level, event, fields }) => (
        <tr key={id}>
          <td class="nowrap">
            <time dateTime={time}>{timeIn(time, ownZone, true)}</time>
          </td>
          <td class={`nowrap ${TONES[level] ?? ''}`}>{level}</td>
          <td>{source}</td>
          <td class="nowrap">{event}</td>
          <td class="reason">
            <bdi>{fields}</bdi>
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}
