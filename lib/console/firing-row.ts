import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { causeText } from '../views/firing-facts.ts';
import { shortId } from '../views/firing-reference.ts';
import { headlineOf, toneOf, wordOf } from '../views/firing-word.ts';
import type { FiringRow } from './console-data.ts';

/** A firing as a list shows it. Pure. */
export function firingRow(firing: ListedFiring): FiringRow {
  const { id, trigger, cause, recordedAt, result } = firing;
  const reason = result?.reasons.join(' ') || firing.reason;
  return {
    id,
    shortId: shortId(id),
    trigger,
    word: wordOf(firing),
    tone: toneOf(firing),
    headline: headlineOf(firing),
    cause: cause.kind === 'schedule' ? `schedule ${cause.schedule}` : causeText(cause),
    due: cause.kind === 'schedule' ? new Date(cause.scheduledTime).toISOString() : recordedAt,
    recordedAt,
    ...(reason !== undefined && { reason }),
    ...(result?.successRate !== undefined && { successRate: result.successRate }),
    ...(result?.durationSeconds !== undefined && { durationSeconds: result.durationSeconds }),
  };
}
