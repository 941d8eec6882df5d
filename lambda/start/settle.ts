import type { Outcome } from '../api/outcome.ts';
import { remedyFor } from '../api/remedy.ts';
import { isInDoubt, type Sent } from '../firing/doubt.ts';
import {
  type Attempt,
  type Firing,
  type SendingFiring,
  type StartedFiring,
  storable,
  withAttemptAt,
} from '../firing/firing.ts';
import { mismatchOf } from '../firing/mismatch.ts';
import { checkAt, checkStarted, decided, shortened } from '../firing/transition.ts';
import { unresolved, withoutExecution } from '../firing/unresolved.ts';
import type { LedgerContext, RetentionContext } from '../ledger/ledger.ts';
import { latest, writeOrLatest } from '../ledger/write-or-latest.ts';
import { log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';
import { logStarted } from './log-started.ts';
import { own } from './own.ts';

/** An execution may take a moment to appear in the list, and the ledger's index a moment to follow the ledger. */
const FIRST_LOOK_MS = 30_000;

/** The function that has the answer cancels at once; a sweep does when that one died. */
const CANCEL_BY_SWEEP_MS = 30_000;

const RETRY_LEAST_MS = 1_000;
const RETRY_FIRST_MS = 15_000;
const RETRY_MOST_MS = 300_000;

/**
 * Logs and records what the POST of this firing came to. Whatever was made of the attempt meanwhile, since the lease
 * ran out or another execution was adopted, the answer in hand is better than that and is recorded over it.
 */
export async function settle(
  sending: SendingFiring,
  outcome: Outcome,
  context: RetentionContext,
): Promise<Firing> {
  const { ledger, now } = context;
  report(sending, outcome, now());
  if (outcome.kind === 'started') await own(outcome.execution.id, sending, context);
  const index = sending.attempts.length - 1;
  let current: Firing = sending;
  for (;;) {
    const next = settled(current, index, outcome, now());
    if (!next) return current;
    const written = await ledger.write(current, next);
    if (written) return written;
    current = await latest(ledger, current);
  }
}

/** When its lease is over, the function that held it is dead: the POST may have left. */
export async function settleDead(
  firing: SendingFiring,
  { ledger, now }: LedgerContext,
): Promise<Firing> {
  if (now() < new Date(firing.leaseUntil)) return firing;
  const outcome: Outcome = {
    kind: 'unknown',
    message: 'the function died while the request was in flight',
  };
  const next = settled(firing, firing.attempts.length - 1, outcome, now());
  return next ? writeOrLatest(ledger, firing, next, () => report(firing, outcome, now())) : firing;
}

/** The firing when it is known what became of one of its attempts; undefined when that says nothing new. */
function settled(firing: Firing, index: number, outcome: Outcome, now: Date): Firing | undefined {
  const attempt = firing.attempts[index];
  const { runTestId, sentAt } = firing;
  if (!attempt || runTestId === undefined || sentAt === undefined || isProven(attempt)) {
    return undefined;
  }
  const isLast = index === firing.attempts.length - 1;
  if (outcome.kind === 'unknown' && !(firing.state === 'sending' && isLast)) return undefined;
  const attempts = withAttemptAt(firing.attempts, index, settledAttempt(attempt, outcome, now));
  const sent: Firing & Sent = { ...firing, runTestId, sentAt, attempts };
  if (outcome.kind === 'started') return startedBy(sent, isLast, outcome, now);
  const isAdoptedByIt =
    firing.execution !== undefined && firing.execution.id === attempt.executionId;
  const isOpen =
    firing.state === 'sending' || firing.state === 'unknown' || firing.state === 'unresolved';
  return isAdoptedByIt || (isLast && isOpen) ? notStarted(sent, outcome, now) : sent;
}

/** Whether an answer has said what became of it; an execution that was adopted proves less. */
function isProven({ outcome = 'unknown' }: Attempt): boolean {
  return outcome !== 'unknown';
}

/** An execution that an answer named stays; so does a lease, and what was made of the same execution. */
function startedBy(firing: Firing & Sent, isLast: boolean, outcome: Started, now: Date): Firing {
  const { execution } = firing;
  if (execution ? !execution.adopted : firing.state === 'sending' && !isLast) return firing;
  if (execution?.id !== outcome.execution.id) return started(firing, outcome, now);
  const { adopted, ...own } = execution;
  return firing.execution ? { ...firing, execution: own } : firing;
}

/** The last POST has started nothing, or may have; an earlier one that has is known since it was sent. */
function notStarted(firing: Firing & Sent, outcome: Exclude<Outcome, Started>, now: Date): Firing {
  const earlier = startedEarlier(firing, now);
  if (earlier) return earlier;
  const next = withoutExecution(firing);
  switch (outcome.kind) {
    case 'rejected': {
      const { remedy } = remedyFor(outcome.status, outcome.message, outcome.setKey);
      const reason = `${outcome.message} (HTTP ${outcome.status}). ${remedy}`;
      if (isInDoubt(firing)) return unresolved(firing, `${EARLIER_IN_DOUBT}: ${reason}`, now);
      const rejected = withoutExecution(firing, ['rejected']);
      return { ...rejected, ...decided(now), state: 'rejected', reason: shortened(reason) };
    }
    case 'not-started':
      return { ...next, ...checkAt(retryAt(firing, outcome.retryAfterMs, now)), state: 'due' };
    case 'unknown':
      return { ...next, ...checkAt(addMs(now, FIRST_LOOK_MS)), state: 'unknown' };
  }
}

function startedEarlier(firing: Firing & Sent, now: Date): StartedFiring | undefined {
  const { executionId: id, outcome } =
    firing.attempts.find(({ executionId }) => executionId !== undefined) ?? {};
  if (id === undefined) return undefined;
  const isAdopted = outcome !== 'started';
  return {
    ...withoutExecution(firing, ['started']),
    ...checkStarted(firing, now),
    state: 'started',
    execution: { id, status: 'unknown', ...(isAdopted && { adopted: true }) },
  };
}

const EARLIER_IN_DOUBT = 'An earlier attempt may have started, and this one was refused';

type Started = Extract<Outcome, { kind: 'started' }>;

function started(firing: Firing & Sent, outcome: Started, now: Date): StartedFiring {
  const mismatch = mismatchIn(firing, outcome);
  const kinds = mismatch ? (['started', 'mismatch'] as const) : (['started'] as const);
  const next = {
    ...withoutExecution(firing, kinds),
    ...checkStarted(firing, now),
    state: 'started' as const,
    execution: storable(outcome.execution),
  };
  if (!mismatch) return next;
  if (firing.policy.onMismatch !== 'cancel') return { ...next, mismatch };
  const cancelAt = checkAt(addMs(now, CANCEL_BY_SWEEP_MS));
  return { ...next, ...cancelAt, mismatch: { ...mismatch, cancel: 'due' } };
}

function mismatchIn({ selection }: Firing, { execution }: Started) {
  return selection && mismatchOf(selection, execution.scenarioIds);
}

/** What settles a doubt is kept for that only: it would make an item of many attempts too large. */
function settledAttempt(attempt: Attempt, outcome: Outcome, now: Date): Attempt {
  const { knownExecutions, serverSentAt, executionId, ...sent } = attempt;
  return {
    ...(outcome.kind === 'unknown' ? attempt : sent),
    settledAt: now.toISOString(),
    outcome: outcome.kind,
    ...(outcome.status !== undefined && { status: outcome.status }),
    ...(outcome.kind === 'started'
      ? { executionId: outcome.execution.id }
      : { message: outcome.message }),
    ...(outcome.kind === 'unknown' &&
      outcome.answeredAt && { serverAnsweredAt: outcome.answeredAt.toISOString() }),
  };
}

/**
 * Exponential with jitter, from a short wish of the server on, never before its wish, and once more at the deadline to
 * expire.
 */
function retryAt({ attempts, deadline }: Firing, retryAfterMs: number | undefined, now: Date) {
  const wish = Math.max(RETRY_LEAST_MS, retryAfterMs ?? RETRY_FIRST_MS);
  const first = Math.min(RETRY_FIRST_MS, wish);
  const ceiling = Math.min(RETRY_MOST_MS, first * 2 ** (attempts.length - 1));
  const backoff = ceiling * (0.5 + Math.random() / 2);
  const waitMs = Math.max(backoff, retryAfterMs ?? 0);
  return new Date(Math.min(now.getTime() + waitMs, new Date(deadline).getTime()));
}

function report(firing: SendingFiring, outcome: Outcome, now: Date): void {
  const fields = {
    firing: firing.id,
    trigger: firing.trigger,
    run_test_id: firing.runTestId,
    attempt: firing.attempts.length,
    http_status: outcome.status,
    latency_ms: now.getTime() - new Date(firing.sentAt).getTime(),
  };
  switch (outcome.kind) {
    case 'started': {
      const { execution } = outcome;
      logStarted('execution_started', execution, fields);
      const mismatch = mismatchIn(firing, outcome);
      const { onMismatch: on_mismatch = 'report' } = firing.policy;
      if (!mismatch) break;
      const mismatched = { ...fields, execution_id: execution.id, ...mismatch, on_mismatch };
      log('selection_mismatched', mismatched);
      break;
    }
    case 'rejected': {
      const { cause, remedy } = remedyFor(outcome.status, outcome.message, outcome.setKey);
      log('start_rejected', { ...fields, message: outcome.message, cause, what_to_do: remedy });
      break;
    }
    case 'not-started':
      log('start_postponed', { ...fields, message: outcome.message });
      break;
    case 'unknown':
      log('start_unconfirmed', { ...fields, message: outcome.message });
  }
}
