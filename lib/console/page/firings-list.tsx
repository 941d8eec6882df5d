import type { FiringsPage } from '../console-data.ts';
import { FiringsTable } from './firings-table.tsx';
import { Loaded, useData } from './loaded.tsx';
import { firingsLink } from './route.ts';

const CAUSES = ['schedule', 'delivery', 'event', 'command', 'again'];

/** The firings that the address asks for, newest first, a page at a time. */
export function FiringsList({ query }: { query: URLSearchParams }) {
  const data = useData<FiringsPage>(`firings?${query}`);
  const filter = {
    trigger: query.get('trigger') ?? '',
    result: query.get('result') ?? '',
    cause: query.get('cause') ?? '',
  };
  return (
    <>
      <h1>Firings</h1>
      <Loaded data={data}>
        {({ firings, next, triggers, results }) => (
          <>
            <div class="filters">
              <Filter name="trigger" options={triggers} filter={filter} />
              <Filter name="result" options={results} filter={filter} />
              <Filter name="cause" options={CAUSES} filter={filter} />
            </div>
            {firings.length > 0 ? (
              <FiringsTable firings={firings} label="Firings" />
            ) : (
              <p class="box">
                No firing here yet. A schedule, a delivery or Fire now on <a href="#/">Triggers</a>{' '}
                makes one.
              </p>
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

type FilterName = 'trigger' | 'result' | 'cause';

function Filter({
  name,
  options,
  filter,
}: {
  name: FilterName;
  options: readonly string[];
  filter: Readonly<Record<FilterName, string>>;
}) {
  const choose = (value: string) => {
    location.hash = firingsLink({ ...filter, [name]: value });
  };
  return (
    <label>
      {name}{' '}
      <select value={filter[name]} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">any</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}
