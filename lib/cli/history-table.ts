import { STATES, type State } from '../../lambda/firing/states.ts';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { took } from '../took.ts';
import { shortId } from '../views/firing-reference.ts';
import { wordOf } from '../views/firing-word.ts';
import { colored } from './firing-style.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { cut, dayTime, oneLine, ownZone } from './text.ts';

/** What stands beside the trigger's name at most: ids, times, numbers and the space between. */
const OTHER_COLUMNS = 62;
const LEAST_NAME = 12;
const INDENT = ' '.repeat(8);

/** The firings as a table, under each the reason why it did not pass, cut to the width; empty text without firings. */
export function formatHistory(
  firings: readonly ListedFiring[],
  { width, now }: { readonly width: number; readonly now: Date },
  style: Style,
): string {
  const zone = ownZone();
  const rows = firings.map((firing) => {
    const { id, trigger, recordedAt, cause, result } = firing;
    const { totalCalls, completedCalls = '?' } = result ?? {};
    return [
      shortId(id),
      dayTime(new Date(recordedAt), zone, now),
      cut(trigger, Math.max(LEAST_NAME, width - OTHER_COLUMNS)),
      cause.kind,
      colored(firing, wordOf(firing), style),
      totalCalls === undefined ? '' : `${completedCalls}/${totalCalls}`,
      result?.successRate === undefined ? '' : `${result.successRate} %`,
      result?.durationSeconds === undefined ? '' : took(result.durationSeconds),
    ];
  });
  const reasons = firings.map((firing) => reasonUnder(firing, width, style));
  return table(HEADINGS, rows, style, reasons);
}

const HEADINGS = ['ID', 'WHEN', 'TRIGGER', 'CAUSE', 'RESULT', 'CALLS', 'OK', 'TOOK'];

/** What the index does not tell: the reason of a firing in doubt is the answer to its last attempt. */
const DOUBT: Partial<Record<State, string>> = {
  unknown: `${STATES.unknown.headline}. ${STATES.unknown.next}`,
};

function reasonUnder(firing: ListedFiring, width: number, style: Style): string {
  const { state, result, reason: own = DOUBT[state] ?? '' } = firing;
  const reason = oneLine(result?.reasons.join(' ') || own);
  if (reason === '') return '';
  return `${INDENT}${style('dim', cut(reason, width - INDENT.length))}\n`;
}
