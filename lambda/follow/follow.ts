import { isDeepStrictEqual } from 'node:util';
import { type Api, accessApi, isCurrentKey } from '../api/api.ts';
import {
  type ExecutionProgress,
  executionProgress,
  FINAL_STATUSES,
  isFinalStatus,
} from '../api/execution-progress.ts';
import type { ApiAccess, Unreadable } from '../api/future-agi.ts';
import { executionPage } from '../api/pages.ts';
import { EVENT_KINDS, type EventKind } from '../firing/event-kind.ts';
import type {
  ExecutedFiring,
  Execution,
  FinishedFiring,
  Firing,
  Result,
  StartedFiring,
} from '../firing/firing.ts';
import { reportedResult } from '../firing/service-event.ts';
import { isFollowed } from '../firing/states.ts';
import { checkAt, decided, isCheckDue, leaving, shortened } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { latest, writeOrLatest } from '../ledger/write-or-latest.ts';
import { log } from '../runtime/log.ts';
import { addMinutes } from '../runtime/time.ts';
import { readEvaluations } from './evaluations.ts';
import { LEAST_PAUSE_MINUTES, nextLook } from './next-look.ts';
import { judgedResult } from './result.ts';

type FollowContext = LedgerContext & { readonly api: Api };

/** Evaluations that cannot be read for a passing reason are asked for again for this long after the end. */
const AWAIT_EVALUATIONS_MINUTES = 10;
const EVALUATIONS_PAUSE_MINUTES = 1.75;

/**
 * Polls the execution of a `started` firing: → `completed`, `failed` or `cancelled` with a judged result, `lost` when
 * it took too long, or `started` for good when it may not be read. Where nothing is new, nothing is written, and where
 * only its progress is, the time of the next check stays: the firing is returned with that of the next poll.
 * @param usualSeconds how long the trigger's runs take, where the firing does not know it yet.
 */
export async function follow(
  firing: StartedFiring,
  context: FollowContext,
  until: Date,
  usualSeconds = firing.usualSeconds,
): Promise<Firing> {
  const known = { ...firing, ...(usualSeconds !== undefined && { usualSeconds }) };
  const next = await poll(known, context, until);
  if (!isToWrite(firing, next)) return next;
  return isProgress(next) ? progressed(firing, next, context) : written(firing, next, context);
}

/** Two polls within a moment must not take an execution for deleted. */
function isProgress(to: Firing): to is StartedFiring {
  return isFollowed(to) && to.execution.missingPolls === undefined;
}

/** Each change of `nextCheckAt` costs two write units of the index `open`. */
async function progressed(firing: StartedFiring, next: StartedFiring, { ledger }: FollowContext) {
  const { nextCheckAt } = firing;
  const noted = await ledger.write(firing, { ...next, nextCheckAt });
  return noted ? { ...noted, nextCheckAt: next.nextCheckAt } : latest(ledger, firing);
}

/** Polls as `follow` does, and in any case writes down when: who waits may ask only so often. */
export async function followAndNote(
  firing: StartedFiring,
  context: FollowContext,
  until: Date,
): Promise<Firing> {
  return written(firing, await poll(firing, context, until), context);
}

function written(firing: StartedFiring, next: Firing, { ledger, api }: FollowContext) {
  return writeOrLatest(ledger, firing, next, (one) => logFollowed(one, api));
}

/**
 * Whether more has changed than the times of the last poll and the next. The progress of a firing with events to
 * publish is written when they are.
 */
function isToWrite(from: Firing, to: Firing): boolean {
  if (isFollowed(to) && to.outbox !== undefined) return false;
  const { polledAt: _, nextCheckAt: __, ...before } = from;
  const { polledAt, nextCheckAt, ...after } = to;
  return !isDeepStrictEqual(before, after);
}

async function poll(firing: StartedFiring, context: FollowContext, until: Date): Promise<Firing> {
  const { api, now } = context;
  const access = await accessApi(api, until);
  if (access instanceof Error) return pollAgain(firing, access.message, now());
  const progress = await executionProgress(firing.runTestId, firing.execution.id, access);
  if ('kind' in progress) {
    if (progress.isMissing) return missing(firing, now());
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
  context: FollowContext,
): Promise<Firing> {
  const { runTestId, execution, cancelledFor } = firing;
  const now = context.now();
  const evaluations = await readEvaluations(runTestId, execution.id, access);
  const isRead = Array.isArray(evaluations);
  if (!isRead && isWorthWaiting(firing, evaluations, now)) {
    const why = `Its evaluations cannot be read: ${evaluations.message}`;
    return pollAgain(firing, why, now, addMinutes(now, EVALUATIONS_PAUSE_MINUTES));
  }
  const end = { ...progress, ...(isRead && { evaluations }) };
  const result = await judgedResult(firing, end, access, context);
  const isIntended = progress.status === 'cancelled' && cancelledFor !== undefined;
  // A change that waits for its status is told; people wait for nothing.
  const ofIntended = firing.change ? (['skipped'] as const) : [];
  return finished(firing, result, isIntended ? ofIntended : [result.verdict], now);
}

/** The firing when its execution is over and judged, with these events to publish. */
export function finished(
  firing: ExecutedFiring,
  result: Result,
  events: readonly EventKind[],
  now: Date,
): FinishedFiring {
  return {
    ...leaving(firing, events),
    ...checkAt(now),
    state: FINAL_STATUSES.find((status) => status === result.status) ?? 'completed',
    result,
  };
}

/** The execution as it is now, found on the server. */
export function withProgress(
  { missingPolls: _, ...execution }: Execution,
  progress: ExecutionProgress,
  now: Date,
): Execution {
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
  const { minEvaluation, maxEvaluation, noWorseThan } = policy.expect ?? {};
  const isExpected = minEvaluation ?? maxEvaluation ?? noWorseThan;
  if (permanent || !isExpected || overSince === undefined) return false;
  return now < addMinutes(new Date(overSince), AWAIT_EVALUATIONS_MINUTES);
}

/** It may be in no list for a moment. */
const MOST_MISSING_POLLS = 3;

/** A deleted execution never ends, and nobody is to wait hours for that: it is looked for once a sweep. */
function missing(firing: StartedFiring, now: Date): Firing {
  const { missingPolls: before = 0 } = firing.execution;
  // Who waits asks more often than the sweep.
  if (before > 0 && !isCheckDue(firing, now)) return firing;
  const missingPolls = before + 1;
  if (missingPolls >= MOST_MISSING_POLLS) return lost(firing, DELETED, now);
  const next = addMinutes(now, LEAST_PAUSE_MINUTES);
  const execution = { ...firing.execution, missingPolls };
  return { ...leaving(firing), ...checkAt(next), execution };
}

const DELETED = 'It can no longer be found in Future AGI: it was probably deleted there.';

function lost(firing: StartedFiring, reason: string, now: Date): Firing {
  const { result: _, ...left } = leaving(firing, ['lost']);
  return { ...left, ...decided(now), state: 'lost', reason: shortened(reason) };
}

function pollAgain(firing: StartedFiring, why: string, now: Date, next = nextLook(firing, now)) {
  const { maxDurationMinutes } = firing.policy;
  const end = addMinutes(new Date(firing.sentAt), maxDurationMinutes);
  if (now >= end) return lost(firing, `${why} after ${durationText(maxDurationMinutes)}.`, now);
  const at = next < end ? next : end;
  return { ...leaving(firing), ...checkAt(at), polledAt: now.toISOString() };
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

function logFollowed(firing: Firing, api: Api): void {
  const { id, trigger, runTestId, execution, result, state, reason } = firing;
  const fields = {
    firing: id,
    trigger,
    run_test_id: runTestId,
    execution_id: execution?.id,
    link: executionPage(api, runTestId, execution?.id),
  };
  if (state === 'lost') {
    log('execution_lost', { ...fields, message: reason, what_to_do: EVENT_KINDS.lost.whatToDo });
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
