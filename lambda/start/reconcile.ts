import { isCurrentKey, readApiKey } from '../api/api-key.ts';
import { type ListedExecution, listExecutions } from '../api/future-agi.ts';
import type { Core } from '../core.ts';
import { type Firing, runTestIdOf, storable } from '../firing/firing.ts';
import { toFinal, toOpen, toStarted, type Unwritten } from '../firing/transition.ts';
import { log } from '../runtime/log.ts';
import {
  CLOCK_TOLERANCE_MS,
  graceEnd,
  judge,
  lastAttempt,
  type Sighting,
  sentPeriodStart,
  type Verdict,
  windowStart,
} from './attribution.ts';
import { latest } from './settle.ts';

/** So that each sweep looks, although none begins on the second. */
const CHECK_AGAIN_MS = 45_000;
/** A list that fails for this long after the grace period will not settle anything. */
const LIST_OUTAGE_LIMIT_MS = 3_600_000;
const MOST_PAGES = 4;

/** Settles an unknown outcome by looking: `unknown` → `started`, `unresolved`, or `due` where a person or `resend` says so. */
export async function reconcile(firing: Firing, core: Core, until: Date): Promise<Firing> {
  const next = conclude(firing, await look(firing, core, until), core);
  const written = await core.ledger.write(firing, next);
  if (!written) return latest(firing, core);
  announce(written);
  return written;
}

async function look(firing: Firing, core: Core, until: Date): Promise<Verdict> {
  const executions = await readExecutions(firing, core, until);
  if (executions.kind === 'unreadable') return judgeUnreadable(firing, executions, core.now());
  const sentFirings = await core.ledger.sentBetween(
    runTestIdOf(firing),
    sentPeriodStart(firing),
    new Date(core.now().getTime() + 2 * CLOCK_TOLERANCE_MS),
  );
  return judge(firing, { ...executions, sentFirings }, core.now());
}

type Executions =
  | ({ readonly kind: 'read' } & Pick<Sighting, 'executions' | 'complete'>)
  | { readonly kind: 'unreadable'; readonly permanent: boolean; readonly message: string };

/** Pages back, newest first, until the list of known executions or the attempt's time is reached. */
async function readExecutions(firing: Firing, core: Core, until: Date): Promise<Executions> {
  const key = await readApiKey(core);
  if (key instanceof Error) return { kind: 'unreadable', permanent: false, message: key.message };
  const seen = new Map<string, ListedExecution>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { connectMs, pageMs } = core.limits;
    const limits = { connectMs, totalMs: Math.min(pageMs, until.getTime() - core.now().getTime()) };
    const result = await listExecutions(core.apiBaseUrl, runTestIdOf(firing), key, page, limits);
    if (result.kind === 'unreadable') {
      return { ...result, permanent: result.permanent && (await isCurrentKey(key, core)) };
    }
    for (const execution of result.executions) seen.set(execution.id, execution);
    if (result.last || result.executions.some((execution) => isBefore(firing, execution))) {
      return { kind: 'read', executions: [...seen.values()], complete: true };
    }
  }
  return { kind: 'read', executions: [...seen.values()], complete: false };
}

function isBefore(firing: Firing, { id, startedAt }: ListedExecution): boolean {
  const known = lastAttempt(firing).knownExecutions?.includes(id) ?? false;
  return known || (startedAt !== undefined && startedAt < windowStart(firing));
}

function judgeUnreadable(
  firing: Firing,
  { permanent, message }: { permanent: boolean; message: string },
  now: Date,
): Verdict {
  const lastLook = isRetried(firing)
    ? new Date(firing.deadline)
    : new Date(graceEnd(firing).getTime() + LIST_OUTAGE_LIMIT_MS);
  if (!permanent && now < lastLook) return { kind: 'wait' };
  return { kind: 'hold', reason: `The executions list cannot be read: ${message}` };
}

function conclude(firing: Firing, verdict: Verdict, core: Core): Unwritten {
  const now = core.now();
  switch (verdict.kind) {
    case 'adopt':
      return adopt(firing, verdict.execution, core);
    case 'wait':
      return toOpen(firing, 'unknown', new Date(now.getTime() + CHECK_AGAIN_MS));
    case 'none':
      return isRetried(firing) ? sendAgain(firing, NOT_FOUND, core) : resendOrHold(firing, core);
    case 'hold':
      return isRetried(firing)
        ? sendAgain(firing, verdict.reason, core)
        : hold(firing, verdict.reason, core);
  }
}

/** Whether a person has decided, since the last attempt, that the firing is sent again. */
function isRetried({ retries, attempts }: Firing): boolean {
  return retries?.at(-1)?.attempts === attempts.length;
}

const NOT_FOUND = 'No execution was found';

function sendAgain(firing: Firing, reason: string, core: Core): Unwritten {
  return core.now() < new Date(firing.deadline)
    ? toOpen(firing, 'due', core.now(), { reason })
    : hold(firing, `${reason}, and the start deadline has passed`, core);
}

function adopt(firing: Firing, listed: ListedExecution, core: Core): Unwritten {
  const { startedAt, scenarioIds, ...known } = listed;
  const execution = storable({
    ...known,
    ...(scenarioIds && { scenarioIds: [...scenarioIds] }),
  });
  const changes = { execution, executionId: execution.id };
  return toStarted(firing, changes, core, ['started']);
}

/** Only a list of known executions makes "there is none" certain enough to spend money on. */
function resendOrHold(firing: Firing, core: Core): Unwritten {
  if (firing.policy.onUnknown === 'hold') return hold(firing, NOT_FOUND, core);
  if (lastAttempt(firing).knownExecutions === undefined) {
    return hold(firing, `${NOT_FOUND}, but the list could not be read before`, core);
  }
  return sendAgain(firing, NOT_FOUND, core);
}

function hold(firing: Firing, reason: string, core: Core): Unwritten {
  return toFinal(firing, 'unresolved', { reason }, core, ['unresolved']);
}

/** Only whoever won the write speaks of it. */
function announce({ state, id, trigger, runTestId, attempts, execution, reason }: Firing): void {
  const fields = { firing: id, trigger, run_test_id: runTestId, attempt: attempts.length };
  if (state === 'started') {
    log('execution_adopted', {
      ...fields,
      execution_id: execution?.id,
      status: execution?.status,
      total_scenarios: execution?.totalScenarios,
      total_calls: execution?.totalCalls,
      scenario_ids: execution?.scenarioIds,
    });
  } else if (state === 'unresolved') {
    log('start_unresolved', { ...fields, message: reason, what_to_do: LOOK_FOR_YOURSELF });
  } else if (state === 'due') {
    log('start_resend_due', { ...fields, message: reason });
  }
}

const LOOK_FOR_YOURSELF =
  'Look at the run test’s executions in Future AGI; retry the firing only if it did not start.';
