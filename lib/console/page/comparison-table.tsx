import type { Comparison } from '../console-data.ts';
import { firingLink } from './route.ts';
import { Columns, ScrollTable } from './scroll-table.tsx';
import { ownZone, timeIn } from './times.ts';

/** What a run showed beside what was expected, and beside the runs before it. */
export function ComparisonTable({ comparison: { rows, runs } }: { comparison: Comparison }) {
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
