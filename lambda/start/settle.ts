import type { Outcome } from '../api/outcome.ts';
import { remedyFor } from '../api/remedy.ts';
import type { Core } from '../core.ts';
import { type Attempt, type Firing, storable } from '../firing/firing.ts';
import { mismatchOf } from '../firing/mismatch.ts';
import { toFinal, toOpen, toStarted, type Unwritten } from '../firing/transition.ts';
import { log } from '../runtime/log.ts';

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
export async function settle(sending: Firing, outcome: Outcome, core: Core): Promise<Firing> {
  report(sending, outcome, core);
  let current = sending;
  for (;;) {
    const written = await core.ledger.write(current, settled(current, outcome, core));
    if (written) return written;
    current = await latest(current, core);
    const isNews = outcome.kind !== 'unknown' || current.state === 'sending';
    if (!isNews || !isUnsettledAttempt(current, sending)) return current;
  }
}

/** Whoever held the lease is dead: the POST may have left. */
export async function attemptDied(firing: Firing, core: Core): Promise<Firing> {
  const { leaseUntil } = firing;
  if (leaseUntil === undefined || core.now() < new Date(leaseUntil)) return firing;
  const outcome: Outcome = {
    kind: 'unknown',
    message: 'the function died while the request was in flight',
  };
  const written = await core.ledger.write(firing, settled(firing, outcome, core));
  if (!written) return latest(firing, core);
  report(firing, outcome, core);
  return written;
}

/** The firing as the ledger holds it now: what a caller returns that lost a condition. */
export async function latest(firing: Firing, core: Core): Promise<Firing> {
  const current = await core.ledger.read(firing.id);
  if (!current) throw new Error(`Firing ${firing.id} is no longer in the ledger`);
  return current;
}

function isUnsettledAttempt(current: Firing, sending: Firing): boolean {
  return (
    current.attempts.length === sending.attempts.length &&
    (current.state === 'sending' || current.state === 'unknown' || current.state === 'unresolved')
  );
}

function settled(firing: Firing, outcome: Outcome, core: Core): Unwritten {
  const now = core.now();
  const attempts = settleLast(firing.attempts, outcome, now);
  switch (outcome.kind) {
    case 'started': {
      const execution = storable(outcome.execution);
      const changes = { attempts, execution, executionId: execution.id };
      const mismatch = mismatchIn(firing, outcome);
      if (!mismatch) return toStarted(firing, changes, core, ['started']);
      const news = ['started', 'mismatch'] as const;
      if (firing.policy.onMismatch !== 'cancel') {
        return toStarted(firing, { ...changes, mismatch }, core, news);
      }
      const cancelAt = new Date(now.getTime() + CANCEL_BY_SWEEP_MS);
      const toCancel = { ...mismatch, cancel: 'due' as const };
      return toOpen(firing, 'started', cancelAt, { ...changes, mismatch: toCancel }, news);
    }
    case 'rejected': {
      const reason = `${outcome.message} (HTTP ${outcome.status}). ${remedyFor(outcome.status, outcome.message).remedy}`;
      return toFinal(firing, 'rejected', { attempts, reason }, core, ['rejected']);
    }
    case 'not-started':
      return toOpen(firing, 'due', retryAt(firing, outcome, core), { attempts });
    case 'unknown':
      return toOpen(firing, 'unknown', new Date(now.getTime() + FIRST_LOOK_MS), { attempts });
  }
}

function mismatchIn(firing: Firing, { execution }: Extract<Outcome, { kind: 'started' }>) {
  return firing.selection && mismatchOf(firing.selection, execution.scenarioIds);
}

function settleLast(attempts: readonly Attempt[], outcome: Outcome, now: Date): Attempt[] {
  const last = attempts.at(-1);
  if (!last) throw new Error('A firing without an attempt has no outcome');
  // A list of known executions tells a lost answer's execution, and would make an item of many attempts too large.
  const { knownExecutions, ...sent } = last;
  const settledAttempt = {
    ...sent,
    ...(outcome.kind === 'unknown' && knownExecutions && { knownExecutions }),
    settledAt: now.toISOString(),
    outcome: outcome.kind,
    ...(outcome.status !== undefined && { status: outcome.status }),
    ...(outcome.kind !== 'started' && { message: outcome.message }),
  };
  return [...attempts.slice(0, -1), settledAttempt];
}

/** Exponential with jitter, never before the server's wish, and once more at the deadline to expire. */
function retryAt(
  firing: Firing,
  outcome: Extract<Outcome, { kind: 'not-started' }>,
  core: Core,
): Date {
  const ceiling = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** (firing.attempts.length - 1));
  const backoff = ceiling * (0.5 + core.random() / 2);
  const wait = Math.max(backoff, outcome.retryAfterMs ?? 0);
  const deadline = new Date(firing.deadline).getTime();
  return new Date(Math.min(core.now().getTime() + wait, deadline));
}

function report(firing: Firing, outcome: Outcome, core: Core): void {
  const sentAt = firing.attempts.at(-1)?.sentAt ?? firing.recordedAt;
  const fields = {
    firing: firing.id,
    trigger: firing.trigger,
    run_test_id: firing.runTestId,
    attempt: firing.attempts.length,
    http_status: outcome.status,
    latency_ms: core.now().getTime() - new Date(sentAt).getTime(),
  };
  switch (outcome.kind) {
    case 'started': {
      const execution = storable(outcome.execution);
      log('execution_started', {
        ...fields,
        execution_id: execution.id,
        status: execution.status,
        total_scenarios: execution.totalScenarios,
        total_calls: execution.totalCalls,
        scenario_ids: execution.scenarioIds,
      });
      const mismatch = mismatchIn(firing, outcome);
      if (mismatch) {
        log('selection_mismatch', {
          ...fields,
          execution_id: execution.id,
          ...mismatch,
          on_mismatch: firing.policy.onMismatch ?? 'report',
        });
      }
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
      log('start_unknown', { ...fields, message: outcome.message });
  }
}
