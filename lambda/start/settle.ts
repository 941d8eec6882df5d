import type { Outcome } from '../api/outcome.ts';
import { remedyFor } from '../api/remedy.ts';
import {
  type Attempts,
  type Firing,
  lastAttempt,
  type SendingFiring,
  storable,
  type UnknownFiring,
  type UnresolvedFiring,
  withAttempt,
} from '../firing/firing.ts';
import { mismatchOf } from '../firing/mismatch.ts';
import { checkAt, checkStarted, leaving, shortened } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { latest, writeOrLatest } from '../ledger/write-or-latest.ts';
import { log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';
import { logStarted } from './log-started.ts';

/** A firing whose last attempt has no proven outcome yet. */
type Unsettled = SendingFiring | UnknownFiring | UnresolvedFiring;

/** An execution may take a moment to appear in the list, and the ledger's index a moment to follow the ledger. */
const FIRST_LOOK_MS = 30_000;

/** The function that has the answer cancels at once; a sweep does when that one died. */
const CANCEL_BY_SWEEP_MS = 30_000;

const RETRY_FIRST_MS = 15_000;
const RETRY_MOST_MS = 300_000;

/**
 * Logs and records what the POST of this firing came to. When the lease ran out and a sweep has called the
 * outcome unknown meanwhile, the answer in hand is better than that and is recorded over it.
 */
export async function settle(
  sending: SendingFiring,
  outcome: Outcome,
  { ledger, now }: LedgerContext,
): Promise<Firing> {
  report(sending, outcome, now());
  let current: Unsettled = sending;
  for (;;) {
    const written = await ledger.write(current, settled(current, outcome, now()));
    if (written) return written;
    const found = await latest(ledger, current);
    const isBetter = outcome.kind !== 'unknown' || found.state === 'sending';
    if (!isBetter || !isUnsettled(found, sending)) return found;
    current = found;
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
  return writeOrLatest(ledger, firing, settled(firing, outcome, now()), () =>
    report(firing, outcome, now()),
  );
}

/** Whether the same attempt is still without a proven outcome. */
function isUnsettled(current: Firing, sending: SendingFiring): current is Unsettled {
  return (
    current.attempts.length === sending.attempts.length &&
    (current.state === 'sending' || current.state === 'unknown' || current.state === 'unresolved')
  );
}

function settled(firing: Unsettled, outcome: Outcome, now: Date): Firing {
  const attempts = settleLast(firing.attempts, outcome, now);
  switch (outcome.kind) {
    case 'started':
      return started({ ...firing, attempts }, outcome, now);
    case 'rejected': {
      const { remedy } = remedyFor(outcome.status, outcome.message);
      const reason = shortened(`${outcome.message} (HTTP ${outcome.status}). ${remedy}`);
      const rejected = { ...leaving(firing, ['rejected']), ...checkAt(now), attempts, reason };
      return { ...rejected, state: 'rejected' };
    }
    case 'not-started': {
      const retry = checkAt(retryAt(firing, outcome.retryAfterMs, now));
      return { ...leaving(firing), ...retry, state: 'due', attempts };
    }
    case 'unknown': {
      const check = checkAt(addMs(now, FIRST_LOOK_MS));
      return { ...leaving(firing), ...check, state: 'unknown', attempts };
    }
  }
}

type Started = Extract<Outcome, { kind: 'started' }>;

function started(firing: Unsettled, outcome: Started, now: Date): Firing {
  const execution = storable(outcome.execution);
  const mismatch = mismatchIn(firing, outcome);
  const state = 'started';
  if (!mismatch) {
    return { ...leaving(firing, ['started']), ...checkStarted(firing, now), state, execution };
  }
  const next = { ...leaving(firing, ['started', 'mismatch']), state, execution } as const;
  return firing.policy.onMismatch === 'cancel'
    ? {
        ...next,
        ...checkAt(addMs(now, CANCEL_BY_SWEEP_MS)),
        mismatch: { ...mismatch, cancel: 'due' as const },
      }
    : { ...next, ...checkStarted(firing, now), mismatch };
}

function mismatchIn({ selection }: Unsettled, { execution }: Started) {
  return selection && mismatchOf(selection, execution.scenarioIds);
}

function settleLast(attempts: Attempts, outcome: Outcome, now: Date): Attempts {
  // A list of known executions is needed only for a lost answer, and would make an item of many attempts too large.
  const { knownExecutions, ...sent } = lastAttempt({ attempts });
  return withAttempt(attempts.slice(0, -1), {
    ...sent,
    ...(outcome.kind === 'unknown' && knownExecutions && { knownExecutions }),
    settledAt: now.toISOString(),
    outcome: outcome.kind,
    ...(outcome.status !== undefined && { status: outcome.status }),
    ...(outcome.kind !== 'started' && { message: outcome.message }),
  });
}

/** Exponential with jitter, never before the server's wish, and once more at the deadline to expire. */
function retryAt({ attempts, deadline }: Unsettled, retryAfterMs = 0, now: Date): Date {
  const ceiling = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (attempts.length - 1));
  const backoff = ceiling * (0.5 + Math.random() / 2);
  const waitMs = Math.max(backoff, retryAfterMs);
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
      const { cause, remedy } = remedyFor(outcome.status, outcome.message);
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
