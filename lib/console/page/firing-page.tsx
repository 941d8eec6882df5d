import { useState } from 'preact/hooks';
import type { Comparison, FiringView } from '../console-data.ts';
import { CancelButton, RetryButton } from './actions.tsx';
import { Details } from './details.tsx';
import { Loaded, useData, useReadAgain } from './loaded.tsx';
import { Mark } from './mark.tsx';
import { firingLink, firingsLink, logLink } from './route.ts';
import { Columns, ScrollTable } from './scroll-table.tsx';
import { ownZone, timeIn } from './times.ts';

/** Each time, the execution is read at the server. */
const OPEN_AGAIN_MS = 5_000;

/** `id` is whatever `rtt show` takes. Reads it again every 5 s until it is final. */
export function FiringPage({ id }: { id: string }) {
  const data = useData<FiringView>(`firing?${new URLSearchParams({ id })}`);
  useReadAgain(OPEN_AGAIN_MS, data.value?.isFinal === false);
  return <Loaded data={data}>{(view) => <Firing view={view} />}</Loaded>;
}

function Firing({ view }: { view: FiringView }) {
  const { row, facts, timeline, next, comparison, link, actions, commands } = view;
  return (
    <>
      <p class="crumb">
        <a href={firingsLink({ trigger: row.trigger })}>
          <bdi>{row.trigger}</bdi>
        </a>
      </p>
      <h1>
        <Mark {...row} /> {row.headline}
      </h1>
      {row.reason !== undefined && (
        <p>
          <bdi>{row.reason}</bdi>
        </p>
      )}
      {next && (
        <div class="box" role="status">
          <p>
            <bdi>{next.what}</bdi>
          </p>
          {next.commands.map((command) => (
            <Command key={command} command={command} />
          ))}
        </div>
      )}
      <p class="together">
        {actions.includes('retry') && <RetryButton firing={row.id} />}
        {actions.includes('cancel') && <CancelButton firing={row.id} />}
        {link !== undefined && (
          <a class="button" href={link} rel="noreferrer">
            Open in Future AGI
          </a>
        )}
        <a class="button" href={logLink({ firing: row.id, minutes: '10080' })}>
          Its log
        </a>
      </p>
      {commands.length > 0 && (
        <Details summary="The same in a terminal">
          {() => commands.map((command) => <Command key={command} command={command} />)}
        </Details>
      )}
      {comparison && (
        <>
          <h2>What it showed</h2>
          <ComparisonTable comparison={comparison} />
        </>
      )}
      <h2>What happened</h2>
      <ol class="timeline">
        {timeline.map(({ at, what }, index) => (
          <li key={index}>
            <time dateTime={at}>{timeIn(at, ownZone, true)}</time> <bdi>{what}</bdi>
          </li>
        ))}
      </ol>
      <p class="dim">Times in {ownZone}.</p>
      <h2>What it is</h2>
      <dl class="facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Command({ command }: { command: string }) {
  const [state, setState] = useState('Copy');
  const copy = () =>
    navigator.clipboard.writeText(command).then(
      () => setState('Copied'),
      () => setState('Cannot be copied here'),
    );
  return (
    <div class="command">
      <pre>{command}</pre>
      <button type="button" onClick={copy} aria-label={`${state}: ${command}`}>
        {state}
      </button>
    </div>
  );
}

/** What a run showed beside what was expected, and beside the runs before it. */
function ComparisonTable({ comparison: { rows, runs } }: { comparison: Comparison }) {
  const before = runs.length > 1 ? `The ${runs.length} runs before` : 'The run before';
  return (
    <ScrollTable
      label="What it showed"
      head={<Columns names={['Of', 'This run', 'Expected', before]} />}
      foot={runs.length > 0 && <Runs runs={runs} />}
    >
      {rows.map(({ what, shown, expected, before: earlier }) => (
        <tr key={what}>
          <th scope="row">
            <bdi>{what}</bdi>
          </th>
          <td>{shown}</td>
          <td>{expected ?? 'nothing'}</td>
          <td>{earlier ?? 'not known'}</td>
        </tr>
      ))}
    </ScrollTable>
  );
}

function Runs({ runs }: Pick<Comparison, 'runs'>) {
  return (
    <p class="inset">
      {runs.map(({ firing, finishedAt, verdict }) => (
        <span key={firing}>
          <a href={firingLink(firing)}>
            {verdict}, {timeIn(finishedAt, ownZone)}
          </a>{' '}
        </span>
      ))}
    </p>
  );
}
