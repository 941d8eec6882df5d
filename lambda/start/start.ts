import { type ApiKey, readApiKey } from '../api/api-key.ts';
import { type ApiAccess, type ListedExecution, listExecutions } from '../api/future-agi.ts';
import type { Budget } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import type { Firing } from '../firing/firing.ts';
import { toFinal, toOpen, type Unwritten } from '../firing/transition.ts';
import { enter, pausedBy, readAdmissionRecords, type SkipCause } from '../policies/admission.ts';
import { timeLeft } from '../runtime/limits.ts';
import { type LogEvent, log } from '../runtime/log.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import { type Draft, post } from './post.ts';
import { accessOf, lookUpScenarios, prepare } from './prepare.ts';
import { latest, settle } from './settle.ts';

/**
 * How long an item in `sending` is left alone. It exceeds every function's time limit (asserted in
 * test/stack), so an expired lease proves that the sender is dead.
 */
export const LEASE_MS = 150_000;

const POSTPONE_MS = 30_000;

/**
 * Sends a due firing that may pass its gate: `due` → `sending` → what the answer says, or `skipped` or `expired`. One
 * that has to wait for another stays `due`.
 */
export async function start(firing: Firing, core: Core, until: Date): Promise<Firing> {
  if (isLate(firing, core)) return expire(firing, core);
  const [gates, key] = await Promise.all([readAdmissionRecords(firing, core), readApiKey(core)]);
  const paused = pausedBy(gates, firing, core.now());
  if (paused !== undefined) return skip(firing, core, 'paused', paused);
  if (key instanceof SecretUnusableError) return refuse(firing, core, key.message);
  if (key instanceof Error) return postpone(firing, core, key.message);
  const draft = await prepare(firing, core, key, until);
  if (draft.kind === 'refused') return refuse(firing, core, draft.reason);
  if (draft.kind === 'unavailable') return postpone(firing, core, draft.reason);
  if (timeLeft(core, until) < core.limits.postLeastMs) return firing;
  const executions = await listBefore(firing, draft.runTestId, core, key);
  const scenarios = await countScenarios(firing, draft, core, accessOf(core, key, until));
  const admission = await enter({ firing, scenarios, executions }, gates, core);
  switch (admission?.kind) {
    case undefined:
      return postpone(firing, core, 'Too many firings want to start at this moment');
    case 'outdated':
      return latest(firing, core);
    case 'skipped':
      return skip(firing, core, admission.cause, admission.reason);
    case 'waiting': {
      const { wait } = await import('./wait-for-others.ts');
      return wait(firing, admission, accessOf(core, key, until), core);
    }
    case 'entered':
  }
  if (isLate(firing, core)) return expire(firing, core);
  if (timeLeft(core, until) < core.limits.postLeastMs) return firing;

  const { warnings } = admission;
  const lease = leased(firing, draft, core.now(), executions, warnings);
  const sending = await core.ledger.write(firing, lease);
  if (!sending) return latest(firing, core);
  if (isNewWarning(firing, warnings)) warn(firing, warnings);
  return settle(sending, await post(sending, draft, core, key, until), core);
}

/** The policies' decision: nothing is sent, now or later. */
async function skip(firing: Firing, core: Core, cause: SkipCause, reason: string): Promise<Firing> {
  const written = await core.ledger.write(
    firing,
    toFinal(firing, 'skipped', { reason }, core, ['skipped']),
  );
  if (!written) return latest(firing, core);
  log('start_skipped', { firing: firing.id, trigger: firing.trigger, cause, message: reason });
  return written;
}

function isLate({ deadline }: Firing, { now }: Core): boolean {
  return now() >= new Date(deadline);
}

async function expire(firing: Firing, core: Core): Promise<Firing> {
  const last = firing.reason ?? firing.attempts.at(-1)?.message;
  const reason = `Not started by ${firing.deadline}${last ? `: ${last}` : ''}`;
  const expired = toFinal(firing, 'expired', { reason }, core, ['expired']);
  return writeAndLog(firing, expired, 'start_expired', core);
}

/** Rejected before anything was sent. */
async function refuse(firing: Firing, core: Core, reason: string): Promise<Firing> {
  const rejected = toFinal(firing, 'rejected', { reason }, core, ['rejected']);
  return writeAndLog(firing, rejected, 'start_rejected', core);
}

/** Put off before anything was sent. */
async function postpone(firing: Firing, core: Core, reason: string): Promise<Firing> {
  const nextCheckAt = new Date(core.now().getTime() + POSTPONE_MS);
  return writeAndLog(
    firing,
    toOpen(firing, 'due', nextCheckAt, { reason }),
    'start_postponed',
    core,
  );
}

async function writeAndLog(from: Firing, to: Unwritten, event: LogEvent, core: Core) {
  const written = await core.ledger.write(from, to);
  if (!written) return latest(from, core);
  log(event, { firing: from.id, trigger: from.trigger, message: to.reason });
  return written;
}

/**
 * The executions that are there before: some may still run, and a lost answer's is told by not being among them. A
 * failure stops nothing.
 */
async function listBefore(
  firing: Firing,
  runTestId: string,
  core: Core,
  key: ApiKey,
): Promise<readonly ListedExecution[] | undefined> {
  const { connectMs, listBeforeMs } = core.limits;
  const limits = { connectMs: Math.min(connectMs, listBeforeMs), totalMs: listBeforeMs };
  const page = await listExecutions(core.apiBaseUrl, runTestId, key, 1, limits);
  if (page.kind === 'page') return page.executions;
  log('known_executions_unavailable', {
    firing: firing.id,
    trigger: firing.trigger,
    message: page.message,
  });
  return undefined;
}

/** How many scenarios the firing runs; where all are meant, they are counted only for a budget's sake. */
async function countScenarios(
  { policy }: Firing,
  { runTestId, selection: { selectAll, scenarioIds } }: Draft,
  core: Core,
  access: ApiAccess,
): Promise<number | undefined> {
  if (!selectAll) return scenarioIds.length;
  if (![policy.budget, core.budget].some(limitsScenarios)) return undefined;
  const found = await lookUpScenarios(runTestId, core, access);
  return found.kind === 'found' ? found.value.length - scenarioIds.length : undefined;
}

function limitsScenarios(budget: Budget | undefined): boolean {
  return budget?.scenariosPerDay !== undefined || budget?.scenariosPerMonth !== undefined;
}

/** A further attempt for which the firing has kept its place is warned of already. */
function isNewWarning({ budgetWarning }: Firing, warnings: readonly string[]): boolean {
  return warnings.length > 0 && warnings.join('; ') !== budgetWarning;
}

function warn({ id, trigger }: Firing, warnings: readonly string[]): void {
  for (const message of warnings) log('budget_nearly_spent', { firing: id, trigger, message });
}

function leased(
  firing: Firing,
  draft: Draft,
  now: Date,
  executions: readonly ListedExecution[] | undefined,
  warnings: readonly string[],
) {
  const sentAt = now.toISOString();
  const leaseUntil = new Date(now.getTime() + LEASE_MS);
  const knownExecutions = executions?.map(({ id }) => id);
  const isWarned = isNewWarning(firing, warnings);
  const changes = {
    ...(isWarned && { budgetWarning: warnings.join('; ') }),
    runTestId: draft.runTestId,
    selection: draft.selection,
    sentAt,
    leaseUntil: leaseUntil.toISOString(),
    attempts: [...firing.attempts, { sentAt, ...(knownExecutions && { knownExecutions }) }],
  };
  return toOpen(firing, 'sending', leaseUntil, changes, isWarned ? ['budget'] : []);
}
