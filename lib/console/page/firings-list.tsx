import type { FiringsPage } from '../console-data.ts';
import { anyOf, Choice, filterIn, TimeField } from './filter.tsx';
import { FiringsTable } from './firings-table.tsx';
import { Loaded, useData } from './loaded.tsx';
import { firingsLink } from './route.ts';
import { ownTime, ownZone } from './times.ts';

const CAUSES = anyOf(['schedule', 'delivery', 'event', 'command', 'again']);

/** The firings that the address asks for, newest first, a page at a time. */
export function FiringsList({ query }: { query: URLSearchParams }) {
  const data = useData<FiringsPage>(`firings?${query}`);
  const of = filterIn(query, firingsLink);
  const { filter } = of;
  /** The address has UTC, so that it means the same to others. */
  const chooseTime = (name: string) => (value: string) =>
    of.choose(name)(value === '' ? '' : new Date(value).toISOString());
  return (
    <>
      <h1>Firings</h1>
      <Loaded data={data}>
        {({ firings, next, triggers, results }) => (
          <>
            <div class="filters">
              <Choice of={of} name="trigger" options={anyOf(triggers)} />
              <Choice of={of} name="result" options={anyOf(results)} />
              <Choice of={of} name="cause" options={CAUSES} />
              <TimeField
                label={`recorded from (${ownZone})`}
                value={ownTime(filter.from)}
                set={chooseTime('from')}
              />
              <TimeField label="until" value={ownTime(filter.to)} set={chooseTime('to')} />
            </div>
            {firings.length > 0 && <FiringsTable firings={firings} label="Firings" />}
            {firings.length === 0 && next === undefined && (
              <p class="box">
                No firing here yet. A schedule, a delivery or Fire now on <a href="#/">Triggers</a>{' '}
                makes one.
              </p>
            )}
            {firings.length === 0 && next !== undefined && (
              <p class="box">None among thousands of newer firings: Older looks further back.</p>
            )}
            <p class="pages">
              {query.has('after') && <a href={firingsLink(filter)}>Newest</a>}
              {next !== undefined && <a href={firingsLink({ ...filter, after: next })}>Older</a>}
            </p>
          </>
        )}
      </Loaded>
    </>
  );
}
