import type { Cause } from '../../lambda/firing/firing.ts';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { took } from '../took.ts';
import { type DueTime, dueOf } from '../views/due-times.ts';
import { causeText } from '../views/firing-facts.ts';
import { shortId } from '../views/firing-reference.ts';
import { headlineOf, toneOf, wordOf } from '../views/firing-word.ts';
import { NOTHING } from '../views/week.ts';

/** A firing as a list shows it. Pure. */
export function firingRow(firing: ListedFiring) {
  const { id, trigger, cause, result } = firing;
  const reason = result?.reasons.join(' ') || firing.reason;
  const scores = (result?.evaluations ?? []).flatMap(({ name, score }) =>
    score === undefined ? [] : [[name, score] as const],
  );
  return {
    id,
    shortId: shortId(id),
    trigger,
    /** The verdict where there is one, else the state. */
    word: wordOf(firing),
    tone: toneOf(firing),
    headline: headlineOf(firing),
    cause: shortCause(cause),
    /** ISO 8601 in UTC. */
    due: dueOf(firing).toISOString(),
    ...(reason !== undefined && { reason }),
    ...(result?.successRate !== undefined && { successRate: result.successRate }),
    ...(scores.length > 0 && { evaluations: Object.fromEntries(scores) }),
    ...(result?.durationSeconds !== undefined && { took: took(result.durationSeconds) }),
  };
}

type FiringRow = ReturnType<typeof firingRow>;

/** A due time, or a firing by another cause. Without an id, the ledger has nothing of it. */
export type DueRow = Omit<FiringRow, 'id' | 'shortId'> & Partial<Pick<FiringRow, 'id' | 'shortId'>>;

/** A due time as a strip shows it. Pure. */
export function dueRow(trigger: string, { time, cause, firing }: DueTime): DueRow {
  if (firing) return firingRow(firing);
  return {
    trigger,
    word: NOTHING,
    tone: 'bad',
    headline: 'Nothing is recorded',
    cause: shortCause(cause),
    due: time.toISOString(),
    reason:
      'The ledger has no record of it: the service was not deployed then, or the schedule did not exist.',
  };
}

function shortCause(cause: Cause): string {
  return cause.kind === 'schedule' ? `schedule ${cause.schedule}` : causeText(cause);
}
