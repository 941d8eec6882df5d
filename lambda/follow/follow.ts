import { type Api, accessApi, isCurrentKey } from '../api/api.ts';
import { executionLink } from '../api/execution-link.ts';
import { type ExecutionProgress, executionProgress } from '../api/execution-progress.ts';
import { FINAL_STATUSES, isFinalStatus } from '../api/final-status.ts';
import type { ApiAccess, Unreadable } from '../api/future-agi.ts';
import type { Execution, FinishedFiring, Firing, Result, StartedFiring } from '../firing/firing.ts';
import { reportedResult } from '../firing/service-event.ts';
import { checkAt, decided, leaving, shortened } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { writeOrLatest } from '../ledger/write-or-latest.ts';
import { log } from '../runtime/log.ts';
import { addMinutes } from '../runtime/time.ts';
import { readEvaluations } from './evaluations.ts';
import { type Finished, judge } from './judge.ts';
import { readReference } from './reference.ts';

type FollowContext = LedgerContext & { readonly api: Api };

/** So that each sweep polls, although none begins on the second. */
const LEAST_PAUSE_MINUTES = 0.75;
const MOST_PAUSE_MINUTES = 5;
/** The pause between polls is this share of the time that the execution has taken already. */
const PAUSE_SHARE = 0.1;
/** Evaluations that cannot be read for a passing reason are asked for again for this long after the end. */
const AWAIT_EVALUATIONS_MINUTES = 10;

/**
 * Polls the execution of a `started` firing: → `completed`, `failed` or `cancelled` with a judged result, `lost` when
 * it took too long, or `started` for good when it may not be read.
 */
export async function follow(
  firing: StartedFiring,
  context: FollowContext,
  until: Date,
): Promise<Firing> {
  const next = await poll(firing, context, until);
  return writeOrLatest(context.ledger, firing, next, (written) =>
    logFollowed(written, context.api.baseUrl),
  );
}

async function poll(firing: StartedFiring, context: FollowContext, until: Date): Promise<Firing> {
  const { api, now } = context;
  const access = await accessApi(api, until);
  if (access instanceof Error) return pollAgain(firing, access.message, now());
  const progress = await executionProgress(firing.runTestId, firing.execution.id, access);
  if ('kind' in progress) {
    const isStillKey = progress.permanent && (await isCurrentKey(access.key, api));
    return isStillKey
      ? unfollowed(firing, progress, now())
      : pollAgain(firing, `It cannot be read: ${progress.message}`, now());
  }
  const polled = { ...firing, execution: withProgress(firing.execution, progress, now()) };
  return isFinalStatus(progress.status)
    ? finish(polled, progress, access, context)
    : pollAgain(polled, `It is still ${progress.status}`, now());
}

async function finish(
  firing: StartedFiring,
  progress: ExecutionProgress,
  access: ApiAccess,
  { ledger, now }: FollowContext,
): Promise<Firing> {
  const { policy, runTestId, execution, cancelledFor } = firing;
  if (progress.status === 'cancelled' && cancelledFor !== undefined) {
    const reasons = [`It was cancelled for ${cancelledFor} (overlap: cancel-other).`];
    return finished(firing, progress, { verdict: 'inconclusive', reasons }, now(), []);
  }
  const evaluations = await readEvaluations(runTestId, execution.id, access);
  const isRead = Array.isArray(evaluations);
  if (!isRead && isWorthWaiting(firing, evaluations, now())) {
    return pollAgain(firing, `Its evaluations cannot be read: ${evaluations.message}`, now());
  }
  const reference = policy.expect?.noWorseThan && (await readReference(firing, ledger));
  const end = { ...progress, ...(isRead && { evaluations }) };
  const judgement = judge(end, policy.expect, reference);
  return finished(firing, end, judgement, now(), [judgement.verdict]);
}

function finished(
  firing: StartedFiring,
  end: Finished,
  judgement: Pick<Result, 'verdict' | 'reasons'>,
  now: Date,
  events: readonly Result['verdict'][],
): FinishedFiring {
  return {
    ...leaving(firing, events),
    ...checkAt(now),
    state: FINAL_STATUSES.find((status) => status === end.status) ?? 'completed',
    result: resultOf(end, judgement, now),
  };
}

function withProgress(execution: Execution, progress: ExecutionProgress, now: Date): Execution {
  const { status, totalCalls, completedCalls, failedCalls } = progress;
  return {
    ...execution,
    status,
    ...(totalCalls !== undefined && { totalCalls }),
    ...(completedCalls !== undefined && { completedCalls }),
    ...(failedCalls !== undefined && { failedCalls }),
    ...(isFinalStatus(status) && { overSince: execution.overSince ?? now.toISOString() }),
  };
}

/** Only an expectation is worth waiting for, and only where the next poll may find more. */
function isWorthWaiting(
  { policy, execution: { overSince } }: StartedFiring,
  { permanent }: Unreadable,
  now: Date,
): boolean {
  const isExpected = policy.expect?.minEvaluation ?? policy.expect?.noWorseThan;
  if (permanent || !isExpected || overSince === undefined) return false;
  return now < addMinutes(new Date(overSince), AWAIT_EVALUATIONS_MINUTES);
}

/** As many as a person compares; all of them are judged. An item of the ledger and an event must hold them. */
const MOST_EVALUATIONS = 100;

function resultOf(
  { status, evaluations, errorReason: _, ...numbers }: Finished,
  judgement: Pick<Result, 'verdict' | 'reasons'>,
  now: Date,
): Result {
  return {
    ...judgement,
    status,
    finishedAt: now.toISOString(),
    ...numbers,
    ...(evaluations && { evaluations: evaluations.slice(0, MOST_EVALUATIONS) }),
  };
}

/** Sooner while it is young: a short run is reported soon, a long one costs few polls. */
function pollAgain(firing: StartedFiring, why: string, now: Date): Firing {
  const minutes = (now.getTime() - new Date(firing.sentAt).getTime()) / 60_000;
  const { maxDurationMinutes } = firing.policy;
  if (minutes >= maxDurationMinutes) {
    const reason = shortened(`${why} after ${durationText(maxDurationMinutes)}.`);
    const { result: _, ...lost } = leaving(firing, ['lost']);
    return { ...lost, ...decided(now), state: 'lost', reason };
  }
  const pause = Math.min(Math.max(minutes * PAUSE_SHARE, LEAST_PAUSE_MINUTES), MOST_PAUSE_MINUTES);
  return { ...leaving(firing), ...checkAt(addMinutes(now, pause)) };
}

function durationText(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** Its end cannot be known: published once, and never polled again. */
function unfollowed(firing: StartedFiring, { message }: Unreadable, now: Date): StartedFiring {
  const result: Result = {
    verdict: 'inconclusive',
    reasons: [`The execution cannot be followed: ${message}. ${MAKE_READABLE}`],
    status: firing.execution.status.toLowerCase(),
    finishedAt: now.toISOString(),
  };
  return { ...leaving(firing, ['inconclusive']), ...checkAt(now), result };
}

function logFollowed(firing: Firing, apiBaseUrl: string): void {
  const { id, trigger, runTestId, execution, result, state, reason } = firing;
  const fields = {
    firing: id,
    trigger,
    run_test_id: runTestId,
    execution_id: execution?.id,
    link: executionLink(apiBaseUrl, runTestId, execution?.id),
  };
  if (state === 'lost') {
    log('execution_lost', { ...fields, message: reason, what_to_do: LOOK_FOR_YOURSELF });
  } else if (result && state === 'started') {
    const { verdict, reasons } = result;
    log('execution_unfollowed', { ...fields, result: verdict, message: reasons.join(' ') });
  } else if (result) {
    const { verdict, ...numbers } = reportedResult(result);
    log('execution_finished', { ...fields, result: verdict, ...numbers, reasons: result.reasons });
  }
}

const MAKE_READABLE =
  'Let the API key’s user read the run test’s executions, or set follow: false in triggers.yaml.';
const LOOK_FOR_YOURSELF =
  'Look at the execution in Future AGI: it may hang there, or need a longer maxDuration in triggers.yaml.';
