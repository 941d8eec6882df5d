import type { DueRow } from '../console-data.ts';
import { markOf } from './mark.tsx';
import { firingLink } from './route.ts';
import { ownZone, timeIn } from './times.ts';

/**
 * The last due times of a trigger, oldest first, one mark each. The same stands in the table below it, which the keyboard
 * reaches: thirty links a trigger would be in its way.
 */
export function Strip({ due }: { due: readonly DueRow[] }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form
    <div class="strip" role="group" aria-label={summaryOf(due)}>
      {due.length === 0 && <span class="dim">nothing was due yet</span>}
      {due.map((row) => {
        const { class: classes, letter } = markOf(row);
        const label = labelOf(row);
        const props = { key: row.id ?? row.due, class: classes, title: label };
        return row.id === undefined ? (
          <span {...props} role="img" aria-label={label}>
            {letter}
          </span>
        ) : (
          <a {...props} href={firingLink(row.id)} tabIndex={-1} aria-label={label}>
            {letter}
          </a>
        );
      })}
    </div>
  );
}

/** `Last due times: 28 passed, 1 failed, 1 missed`. */
function summaryOf(due: readonly DueRow[]): string {
  const byWord = Map.groupBy(due, ({ word }) => word);
  const told = [...byWord].map(([word, own]) => `${own.length} ${word}`);
  return `Last due times: ${told.join(', ') || 'none yet'}`;
}

function labelOf({ due, headline, reason }: DueRow): string {
  return `${timeIn(due, ownZone)}: ${headline}${reason === undefined ? '' : `. ${reason}`}`;
}
