import { type Api, accessApi } from '../api/api.ts';
import { type ApiAccess, type ListedExecution, listExecutions } from '../api/future-agi.ts';
import { lookUpScenarios } from '../api/lookup-cache.ts';
import { serverTime } from '../api/server-time.ts';
import { isInDoubt } from '../firing/doubt.ts';
import type { EventKind } from '../firing/event-kind.ts';
import { type DueFiring, type Firing, type SendingFiring, withAttempt } from '../firing/firing.ts';
import type { Budget } from '../firing/policy.ts';
import { checkAt, leaving, shortened } from '../firing/transition.ts';
import { logUnresolved, unresolved } from '../firing/unresolved.ts';
import type { OwnerContext } from '../ledger/execution-owner.ts';
import { latest, writeOrLatest } from '../ledger/write-or-latest.ts';
import {
  type AdmissionContext,
  admit,
  pausedBy,
  readAdmissionRecords,
} from '../policies/admission.ts';
import { LEASE_MS, timeLeft } from '../runtime/limits.ts';
import { type LogEvent, log } from '../runtime/log.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import { addMs } from '../runtime/time.ts';
import { post } from './post.ts';
import { type Draft, prepare } from './prepare.ts';
import { settle } from './settle.ts';

/** What starting a firing needs: the policies' part, and the API. */
export interface StartContext extends AdmissionContext, OwnerContext {
  readonly api: Api;
}

const POSTPONE_MS = 30_000;

/**
 * Sends a due firing that is admitted: `due` → `sending` → what the answer says, or `skipped` or `expired`. One that
 * has to wait for another stays `due`.
 */
export async function start(
  firing: DueFiring,
  context: StartContext,
  until: Date,
): Promise<Firing> {
  const { ledger, api, now } = context;
  if (isLate(firing, now())) return expire(firing, context);
  const [records, access] = await Promise.all([
    readAdmissionRecords(firing, context),
    accessApi(api, until),
  ]);
  const paused = pausedBy(records, firing, now());
  if (paused !== undefined) return skip(firing, context, 'pause', paused);
  if (access instanceof SecretUnusableError) return refuse(firing, context, access.message);
  if (access instanceof Error) return postpone(firing, context, access.message);
  const draft = await prepare(firing, api, access);
  if (draft.kind === 'refused') return refuse(firing, context, draft.reason);
  if (draft.kind === 'unavailable') return postpone(firing, context, draft.reason);
  if (timeLeft(api, until) < api.limits.postLeastMs) return firing;
  const before = await listBefore(firing, draft.runTestId, api, access);
  const { executions } = before;
  const scenarios = await countScenarios(firing, draft, context, access);
  const admission = await admit({ firing, scenarios, executions }, records, context);
  switch (admission?.kind) {
    case undefined:
      return postpone(firing, context, 'Too many firings want to start at this moment');
    case 'outdated':
      return latest(ledger, firing);
    case 'skipped':
      return skip(firing, context, admission.policy, admission.reason);
    case 'waiting': {
      const { waitForOthers } = await import('./wait-for-others.ts');
      return waitForOthers(firing, admission, access, context);
    }
    case 'admitted':
  }
  if (isLate(firing, now())) return expire(firing, context);
  if (timeLeft(api, until) < api.limits.postLeastMs) return firing;

  const { warnings } = admission;
  const lease = leased(firing, draft, now(), before, warnings);
  const sending = await ledger.write(firing, lease);
  if (!sending) return latest(ledger, firing);
  if (isNewWarning(firing, warnings)) logWarnings(firing, warnings);
  const outcome = await post(draft, { firing: sending, api, access, until });
  return settle(sending, outcome, context);
}

function isLate({ deadline }: DueFiring, now: Date): boolean {
  return now >= new Date(deadline);
}

/** The policies' decision: nothing is sent, now or later. */
function skip(firing: DueFiring, context: StartContext, policy: string, reason: string) {
  return end(firing, 'skipped', reason, context, { policy });
}

function expire(firing: DueFiring, context: StartContext): Promise<Firing> {
  const last = firing.reason ?? firing.attempts.at(-1)?.message;
  const reason = `Not started by ${firing.deadline}${last ? `: ${last}` : ''}`;
  return end(firing, 'expired', reason, context);
}

/** Rejected before anything was sent. */
function refuse(firing: DueFiring, context: StartContext, reason: string): Promise<Firing> {
  return end(firing, 'rejected', reason, context);
}

const EARLIER_IN_DOUBT = 'An earlier attempt may have started, and it is not sent again';

const ENDS = {
  skipped: 'start_skipped',
  expired: 'start_expired',
  rejected: 'start_rejected',
} as const;

/** One that may have started earlier does not end as if it had not. */
function end(
  firing: DueFiring,
  state: keyof typeof ENDS,
  reason: string,
  { ledger, now }: StartContext,
  fields: object = {},
): Promise<Firing> {
  if (isInDoubt(firing)) {
    const doubtful = unresolved(firing, `${EARLIER_IN_DOUBT}: ${reason}`, now());
    return writeOrLatest(ledger, firing, doubtful, logUnresolved);
  }
  const ended = {
    ...leaving(firing, [state]),
    ...checkAt(now()),
    state,
    reason: shortened(reason),
  };
  return writeOrLatest(ledger, firing, ended, logAs(ENDS[state], fields));
}

/** Put off before anything was sent. */
function postpone(
  firing: DueFiring,
  { ledger, now }: StartContext,
  reason: string,
): Promise<Firing> {
  const postponed = {
    ...leaving(firing),
    ...checkAt(addMs(now(), POSTPONE_MS)),
    state: 'due',
    reason: shortened(reason),
  } as const;
  return writeOrLatest(ledger, firing, postponed, logAs('start_postponed'));
}

function logAs(event: LogEvent, fields: object = {}) {
  return ({ id, trigger, reason }: Firing) =>
    log(event, { firing: id, trigger, ...fields, message: reason });
}

/** What was there before a POST. */
interface Before {
  readonly executions?: readonly ListedExecution[];
  /** How far the server's clock is ahead of ours, where it tells. */
  readonly serverAheadMs?: number;
}

/**
 * The executions that are there before: some may still run, and that of a lost answer is not among them. A failure
 * stops nothing.
 */
async function listBefore(
  firing: DueFiring,
  runTestId: string,
  { limits: { connectMs, listBeforeMs }, now }: Api,
  access: ApiAccess,
): Promise<Before> {
  const limits = { connectMs: Math.min(connectMs, listBeforeMs), totalMs: listBeforeMs };
  const page = await listExecutions(runTestId, 1, { ...access, limits: () => limits });
  const readAt = now();
  const serverAt = serverTime(page.date, readAt);
  const clock = serverAt && { serverAheadMs: serverAt.getTime() - readAt.getTime() };
  if (page.kind === 'page') return { executions: page.executions, ...clock };
  log('known_executions_missed', {
    firing: firing.id,
    trigger: firing.trigger,
    message: page.message,
  });
  return { ...clock };
}

/** How many scenarios the firing runs; where all are meant, they are counted only for a budget's sake. */
async function countScenarios(
  { policy }: DueFiring,
  { runTestId, selection: { selectAll, scenarioIds } }: Draft,
  { api, budget }: StartContext,
  access: ApiAccess,
): Promise<number | undefined> {
  if (!selectAll) return scenarioIds.length;
  if (![policy.budget, budget].some(limitsScenarios)) return undefined;
  const found = await lookUpScenarios(runTestId, api, access);
  return found.kind === 'found' ? found.value.length - scenarioIds.length : undefined;
}

function limitsScenarios(budget: Budget | undefined): boolean {
  return budget?.scenariosPerDay !== undefined || budget?.scenariosPerMonth !== undefined;
}

/** A further attempt for which the firing has kept its slot has been warned of before. */
function isNewWarning({ budgetWarning }: DueFiring, warnings: readonly string[]): boolean {
  return warnings.length > 0 && warnings.join('; ') !== budgetWarning;
}

function logWarnings({ id, trigger }: DueFiring, warnings: readonly string[]): void {
  for (const message of warnings) log('budget_nearly_spent', { firing: id, trigger, message });
}

function leased(
  firing: DueFiring,
  { runTestId, selection }: Draft,
  now: Date,
  { executions, serverAheadMs }: Before,
  warnings: readonly string[],
): SendingFiring {
  const sentAt = now.toISOString();
  const leaseUntil = addMs(now, LEASE_MS);
  const attempt = {
    sentAt,
    ...(executions && { knownExecutions: executions.map(({ id }) => id) }),
    ...(serverAheadMs !== undefined && { serverSentAt: addMs(now, serverAheadMs).toISOString() }),
  };
  const isWarned = isNewWarning(firing, warnings);
  const events: EventKind[] = isWarned ? ['budget'] : [];
  return {
    ...leaving(firing, events),
    ...checkAt(leaseUntil),
    ...(isWarned && { budgetWarning: warnings.join('; ') }),
    state: 'sending',
    runTestId,
    selection,
    sentAt,
    leaseUntil: leaseUntil.toISOString(),
    attempts: withAttempt(firing.attempts, attempt),
  };
}
