import type { DueRow } from '../console-data.ts';
import { Mark } from './mark.tsx';
import { firingLink } from './route.ts';
import { Columns, ScrollTable } from './scroll-table.tsx';
import { ownZone, timeIn } from './times.ts';

interface FiringsTableProps {
  readonly firings: readonly DueRow[];
  readonly label: string;
  /** Of one trigger: a column for each of these evaluations instead of one for the trigger. */
  readonly evaluations?: readonly string[];
}

/** Firings in the order given, one a line. */
export function FiringsTable({ firings, label, evaluations }: FiringsTableProps) {
  return (
    <ScrollTable
      label={label}
      head={
        <>
          <Columns names={['Result', ...(evaluations ? [] : ['Trigger'])]} />
          <Columns names={[`Due (${ownZone})`, 'Cause']} />
          {['Success', ...(evaluations ?? []), 'Took'].map((name) => (
            <th key={name} scope="col" class="number">
              <bdi>{name}</bdi>
            </th>
          ))}
          <Columns names={['Reason', 'Firing']} />
        </>
      }
    >
      {firings.map((firing) => (
        <Row key={firing.id ?? firing.due} firing={firing} evaluations={evaluations} />
      ))}
    </ScrollTable>
  );
}

interface RowProps {
  readonly firing: DueRow;
  readonly evaluations: readonly string[] | undefined;
}

function Row({ firing, evaluations }: RowProps) {
  const { id, shortId, trigger, word, due, cause, successRate, took, reason } = firing;
  return (
    <tr>
      <td class="nowrap">
        <Mark {...firing} /> {word}
      </td>
      {!evaluations && (
        <td class="wide">
          <bdi>{trigger}</bdi>
        </td>
      )}
      <td class="nowrap">
        <time dateTime={due}>{timeIn(due, ownZone)}</time>
      </td>
      <td class="wide">
        <bdi>{cause}</bdi>
      </td>
      <td class="number">{successRate === undefined ? '' : `${successRate} %`}</td>
      {evaluations?.map((name) => (
        <td key={name} class="number">
          {firing.evaluations?.[name]}
        </td>
      ))}
      <td class="number">{took}</td>
      <td class="reason">
        <bdi>{reason}</bdi>
      </td>
      <td class="nowrap">{id !== undefined && <a href={firingLink(id)}>{shortId}</a>}</td>
    </tr>
  );
}
