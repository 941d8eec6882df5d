import type { FiringRow } from '../console-data.ts';
import { Mark } from './mark.tsx';
import { firingLink } from './route.ts';
import { ownZone, timeIn } from './times.ts';

/** Firings in the order given, one a line. */
export function FiringsTable({ firings, label }: { firings: readonly FiringRow[]; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">Result</th>
            <th scope="col">Trigger</th>
            <th scope="col">Due ({ownZone})</th>
            <th scope="col">Cause</th>
            <th scope="col" class="number">
              Success
            </th>
            <th scope="col">Reason</th>
            <th scope="col">Firing</th>
          </tr>
        </thead>
        <tbody>
          {firings.map((firing) => (
            <Row key={firing.id} firing={firing} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ firing }: { firing: FiringRow }) {
  const { id, shortId, trigger, word, due, cause, successRate, reason } = firing;
  return (
    <tr>
      <td class="nowrap">
        <Mark firing={firing} /> {word}
      </td>
      <td class="wide">
        <bdi>{trigger}</bdi>
      </td>
      <td class="nowrap">
        <time dateTime={due}>{timeIn(due, ownZone)}</time>
      </td>
      <td>
        <bdi>{cause}</bdi>
      </td>
      <td class="number">{successRate === undefined ? '' : `${successRate} %`}</td>
      <td class="reason">
        <bdi>{reason}</bdi>
      </td>
      <td class="nowrap">
        <a href={firingLink(id)}>{shortId}</a>
      </td>
    </tr>
  );
}
