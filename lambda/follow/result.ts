import { readCalls } from '../api/calls.ts';
import type { ApiAccess } from '../api/future-agi.ts';
import type { ExecutedFiring, Result } from '../firing/firing.ts';
import { shortened } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { boundedText } from '../runtime/bounded-text.ts';
import type { Finished } from './finished.ts';
import { judge } from './judge.ts';
import { addToReference, readToAdd } from './reference.ts';
import { costOf, failedScenarioIds, keptScenarios } from './scenarios.ts';

/**
 * Judges the execution of a firing and remembers what it showed, for later ones to be compared with. Its calls are
 * read once, where it did not pass or is compared. Rejects only when the ledger cannot be reached.
 */
export async function judgedResult(
  firing: ExecutedFiring,
  end: Finished,
  access: ApiAccess,
  { ledger, now }: LedgerContext,
): Promise<Result> {
  const { policy, execution, cancelledFor } = firing;
  const { expect } = policy;
  const finishedAt = now().toISOString();
  if (end.status === 'cancelled' && cancelledFor !== undefined) {
    const reasons = [`It was cancelled for ${cancelledFor} (overlap: cancel-other).`];
    return { verdict: 'inconclusive', reasons, ...told(end), finishedAt };
  }
  const { reference, earlier } = await readToAdd(firing, ledger);
  const first = judge(end, expect, earlier);
  const isEnough = first.verdict === 'passed' && !expect?.noWorseThan;
  const calls = isEnough ? undefined : await readCalls(execution.id, access);
  const finished = calls && 'calls' in calls ? withCalls({ ...end, calls }) : end;
  const judgement = finished === end ? first : judge(finished, expect, earlier);
  const { counts, verdict, isWorse } = judgement;
  if (counts && !firing.mismatch) {
    const run = { firing: firing.id, finishedAt, verdict, ...counts };
    await addToReference(firing, { ...run, ...(isWorse && { isWorse }) }, ledger, reference);
  }
  const unread = calls && 'message' in calls ? [`The calls cannot be read: ${calls.message}.`] : [];
  const notes = [...judgement.notes, ...unread];
  const scenarios = verdict === 'passed' ? [] : keptScenarios(finished, expect ?? {});
  const costCents = costOf(finished);
  const wantsAgain = verdict === 'failed' && policy.retryFailed !== undefined;
  const again = wantsAgain ? failedScenarioIds(finished, expect ?? {}) : undefined;
  return {
    verdict,
    reasons: [...cancelReasons(firing, end), ...judgement.reasons].map(shortened),
    ...(notes.length > 0 && { notes: notes.map(shortened) }),
    ...told(finished),
    finishedAt,
    ...(scenarios.length > 0 && { scenarios }),
    ...(again && { failedScenarioIds: again }),
    ...(costCents !== undefined && { costCents }),
  };
}

function cancelReasons({ cancels = [] }: ExecutedFiring, { status }: Finished): string[] {
  const last = cancels.at(-1);
  return status === 'cancelled' && last ? [`${last.by} had it cancelled: ${last.reason}.`] : [];
}

/** The calls tell how many completed where nothing else did. */
function withCalls(finished: Finished): Finished {
  const { calls, totalCalls, completedCalls, senseless } = finished;
  if (!calls?.isAll || senseless) return finished;
  if (totalCalls !== undefined && completedCalls !== undefined) return finished;
  const completed = calls.calls.filter(({ isCompleted }) => isCompleted).length;
  return { ...finished, totalCalls: calls.calls.length, completedCalls: completed };
}

/** As many as a person compares; all of them are judged. An item of the ledger and an event must hold them. */
const MOST_EVALUATIONS = 100;
const NAME_LENGTH = 100;

function told({ errorReason: _, senseless: __, calls: ___, evaluations, ...numbers }: Finished) {
  const kept = evaluations?.slice(0, MOST_EVALUATIONS).map(({ problem: _, name, ...scores }) => ({
    name: boundedText(name, NAME_LENGTH),
    ...scores,
  }));
  return { ...numbers, ...(kept && { evaluations: kept }) };
}
