import { isCurrentKey, readApiKey } from '../api/api-key.ts';
import { executionLink } from '../api/execution-link.ts';
import { type ExecutionProgress, executionProgress } from '../api/execution-progress.ts';
import { FINAL_STATUSES, isFinalStatus } from '../api/final-status.ts';
import type { ApiAccess, Unreadable } from '../api/future-agi.ts';
import type { Core } from '../core.ts';
import {
  addMinutes,
  type Execution,
  type Firing,
  type Result,
  runTestIdOf,
} from '../firing/firing.ts';
import { reportedResult } from '../firing/reported-result.ts';
import { toFinal, toOpen, type Unwritten } from '../firing/transition.ts';
import { log } from '../runtime/log.ts';
import { accessOf } from '../start/prepare.ts';
import { latest } from '../start/settle.ts';
import { readEvaluations } from './evaluations.ts';
import { type Finished, judge } from './judge.ts';
import { readReference } from './reference.ts';

/** So that each sweep looks, although none begins on the second. */
const LEAST_PAUSE_MINUTES = 0.75;
const MOST_PAUSE_MINUTES = 5;
/** The pause between looks is this share of the time that the execution has taken already. */
const PAUSE_SHARE = 0.1;
/** Evaluations that cannot be read for a passing reason are asked for again for this long after the end. */
const EVALUATION_PATIENCE_MINUTES = 10;

/**
 * Looks at the execution of a `started` firing: → `completed`, `failed` or `cancelled` with a judged result, `lost`
 * when it took too long, or `started` for good when it may not be read.
 */
export async function follow(firing: Firing, core: Core, until: Date): Promise<Firing> {
  const { execution } = firing;
  if (!execution) throw new Error(`Firing ${firing.id} has no execution to follow`);
  const next = await look(firing, execution, core, until);
  const written = await core.ledger.write(firing, next);
  if (!written) return latest(firing, core);
  announce(written, core);
  return written;
}

async function look(
  firing: Firing,
  execution: Execution,
  core: Core,
  until: Date,
): Promise<Unwritten> {
  const key = await readApiKey(core);
  if (key instanceof Error) return lookAgain(firing, key.message, core);
  const access = accessOf(core, key, until);
  const progress = await executionProgress(runTestIdOf(firing), execution.id, access);
  if ('kind' in progress) {
    const isStillKey = progress.permanent && (await isCurrentKey(key, core));
    return isStillKey
      ? stop(firing, progress, core)
      : lookAgain(firing, `It cannot be read: ${progress.message}`, core);
  }
  const seen = { ...firing, execution: withProgress(execution, progress, core.now()) };
  if (!isFinalStatus(progress.status))
    return lookAgain(seen, `It is still ${progress.status}`, core);
  return conclude(seen, progress, access, core);
}

async function conclude(
  firing: Firing,
  progress: ExecutionProgress,
  access: ApiAccess,
  core: Core,
): Promise<Unwritten> {
  const { execution } = firing;
  if (progress.status === 'cancelled' && firing.cancelledFor !== undefined) {
    return superseded(firing, progress, firing.cancelledFor, core);
  }
  const evaluations = await readEvaluations(runTestIdOf(firing), execution?.id ?? '', access);
  const known = Array.isArray(evaluations) ? { evaluations } : {};
  if (!Array.isArray(evaluations) && isWorthWaiting(firing, evaluations, core)) {
    return lookAgain(firing, `Its evaluations cannot be read: ${evaluations.message}`, core);
  }
  const { expect } = firing.policy;
  const reference = expect?.noWorseThan && (await readReference(firing, core));
  const finished = { ...progress, ...known };
  const result = resultOf(finished, judge(finished, expect, reference), core.now());
  const state = FINAL_STATUSES.find((status) => status === progress.status) ?? 'completed';
  return toFinal(firing, state, { result }, core, [result.verdict]);
}

/** All goes to plan: nobody has to hear of it. */
function superseded(firing: Firing, progress: ExecutionProgress, successor: string, core: Core) {
  const reasons = [`It was cancelled for ${successor} (overlap: cancel-other).`];
  const result = resultOf(progress, { verdict: 'inconclusive', reasons }, core.now());
  return toFinal(firing, 'cancelled', { result }, core, []);
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

/** Only an expectation is worth waiting for, and only where the next look may find more. */
function isWorthWaiting({ policy, execution }: Firing, { permanent }: Unreadable, core: Core) {
  const isExpected = policy.expect?.minEvaluation ?? policy.expect?.noWorseThan;
  const since = new Date(execution?.overSince ?? 0);
  return !permanent && isExpected && core.now() < addMinutes(since, EVALUATION_PATIENCE_MINUTES);
}

/** As many as a person compares; all of them are judged. An item of the ledger and an event must hold them. */
const MOST_EVALUATIONS = 100;

function resultOf(
  finished: Finished,
  judgement: Pick<Result, 'verdict' | 'reasons'>,
  now: Date,
): Result {
  const { status, evaluations, errorReason: _, ...numbers } = finished;
  return {
    ...judgement,
    status,
    finishedAt: now.toISOString(),
    ...numbers,
    ...(evaluations && { evaluations: evaluations.slice(0, MOST_EVALUATIONS) }),
  };
}

/** Sooner while it is young: a short run is reported soon, a long one costs few looks. */
function lookAgain(firing: Firing, seen: string, core: Core): Unwritten {
  const since = new Date(firing.sentAt ?? firing.recordedAt);
  const now = core.now();
  const minutes = (now.getTime() - since.getTime()) / 60_000;
  const { maxDurationMinutes } = firing.policy;
  if (minutes >= maxDurationMinutes) {
    const reason = `${seen} after ${spellMinutes(maxDurationMinutes)}.`;
    return toFinal(firing, 'lost', { reason }, core, ['lost']);
  }
  const pause = Math.min(Math.max(minutes * PAUSE_SHARE, LEAST_PAUSE_MINUTES), MOST_PAUSE_MINUTES);
  return toOpen(firing, 'started', addMinutes(now, pause), keptExecution(firing));
}

function keptExecution({ execution }: Firing) {
  return execution ? { execution } : {};
}

function spellMinutes(minutes: number): string {
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}

/** Nobody can tell how it ends: said once, and never asked again. */
function stop(firing: Firing, { message }: Unreadable, core: Core): Unwritten {
  const reason = `The execution cannot be followed: ${message}. ${MAKE_READABLE}`;
  const result: Result = {
    verdict: 'inconclusive',
    reasons: [reason],
    status: firing.execution?.status.toLowerCase() ?? 'unknown',
    finishedAt: core.now().toISOString(),
  };
  return toFinal(firing, 'started', { result }, core, ['inconclusive']);
}

/** Only whoever won the write speaks of it. */
function announce(firing: Firing, core: Core): void {
  const { id, trigger, runTestId, execution, state, result, reason } = firing;
  const fields = {
    firing: id,
    trigger,
    run_test_id: runTestId,
    execution_id: execution?.id,
    link: executionLink(core.apiBaseUrl, runTestId, execution?.id),
  };
  if (state === 'lost') {
    log('execution_lost', { ...fields, message: reason, what_to_do: LOOK_FOR_YOURSELF });
  } else if (result && state === 'started') {
    log('execution_unreadable', {
      ...fields,
      result: result.verdict,
      message: result.reasons.join(' '),
    });
  } else if (result) {
    const { verdict, ...numbers } = reportedResult(result);
    log('execution_finished', { ...fields, result: verdict, ...numbers, reasons: result.reasons });
  }
}

const MAKE_READABLE =
  'Let the API key’s user read the run test’s executions, or set follow: false in triggers.yaml.';
const LOOK_FOR_YOURSELF =
  'Look at the execution in Future AGI: it may hang there, or need a longer maxDuration in triggers.yaml.';
