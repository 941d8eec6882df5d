import type { Comparison } from '../console-data.ts';
import { firingLink } from './route.ts';
import { ownZone, timeIn } from './times.ts';

/** What a run showed beside what was expected, and beside the runs before it. */
export function ComparisonTable({ comparison: { rows, runs } }: { comparison: Comparison }) {
  const before = runs.length > 1 ? `The ${runs.length} runs before` : 'The run before';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="What it showed">
      <table>
        <thead>
          <tr>
            <th scope="col">Of</th>
            <th scope="col">This run</th>
            <th scope="col">Expected</th>
            <th scope="col">{before}</th>
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
      {runs.length > 0 && (
        <p class="inset">
          {runs.map(({ firing, finishedAt, verdict }) => (
            <span key={firing}>
              <a href={firingLink(firing)}>
                {verdict}, {timeIn(finishedAt, ownZone)}
              </a>{' '}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}
