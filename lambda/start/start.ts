import { type Api, accessApi } from '../api/api.ts';
import { type ApiAccess, type ListedExecution, listExecutions } from '../api/future-agi.ts';
import { lookUpScenarios } from '../api/lookup-cache.ts';
import { serverTime } from '../api/server-time.ts';
import { isInDoubt } from '../firing/doubt.ts';
import type { EventKind } from '../firing/event-kind.ts';
import { type DueFiring, type Firing, type SendingFiring, withAttempt } from '../firing/firing.ts';
import type { Budget } from '../firing/policy.ts';
import { isFinal } from '../firing/states.ts';
import { checkAt, decided, leaving, shortened } from '../firing/transition.ts';
import { logUnresolved, unresolved } from '../firing/unresolved.ts';
import type { OwnerContext } from '../ledger/execution-owner.ts';
import { latest, writeOrLatest } from '../ledger/write-or-latest.ts';
import {
  type AdmissionContext,
  type AdmissionRecords,
  admit,
  pausedBy,
  readAdmissionRecords,
} from '../policies/admission.ts';
import type { AdmissionRecord } from '../policies/admission-record.ts';
import { countOutcome } from '../policies/rejections.ts';
import { releaseSlot } from '../policies/release.ts';
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
  if (access instanceof SecretUnusableError)
    return refuse(firing, records, context, access.message);
  if (access instanceof Error) return postpone(firing, context, access.message);
  const draft = await prepare(firing, api, access);
  if (draft.kind === 'refused') return refuse(firing, records, context, draft.reason);
  if (draft.kind === 'unavailable') return postpone(firing, context, draft.reason);
  if (timeLeft(api, until) < api.limits.postLeastMs) return firing;
  const before = await listBefore(firing, draft.runTestId, api, access);
  const { executions } = before;
  const scenarios = await countScenarios(firing, draft, context, access);
  const { runTestId } = draft;
  const candidate = { firing, runTestId, scenarios, executions };
  const admission = await admit(candidate, records, context);
  switch (admission?.kind) {
    case undefined:
      return postpone(firing, context, 'Too many firings want to start at this moment');
    case 'outdated':
      return overtaken(firing, context);
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
  if (!sending) return overtaken(firing, context);
  if (isNewWarning(firing, warnings)) logWarnings(firing, warnings);
  return send(sending, draft, access, context, until);
}

/** Sends what is leased, unless a pause has begun: read after the lease, so that none is overlooked that stood before. */
async function send(
  sending: SendingFiring,
  draft: Draft,
  access: ApiAccess,
  context: StartContext,
  until: Date,
): Promise<Firing> {
  const { api, now } = context;
  const records = await readAdmissionRecords(sending, context).catch(errorOf);
  if (records instanceof Error) {
    const message = `Whether it is paused cannot be read: ${records.message}`;
    return settle(sending, { kind: 'not-started', message }, context);
  }
  const paused = pausedBy(records, sending, now());
  if (paused !== undefined) {
    const settled = await settle(sending, { kind: 'not-started', message: paused }, context);
    return settled.state === 'due' ? skip(settled, context, 'pause', paused) : settled;
  }
  const outcome = await post(draft, { firing: sending, api, access, until });
  return counted(await settle(sending, outcome, context), records.own, context);
}

function errorOf(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** What this start has shown holds for the next one. Where that cannot be written, the sweep does. */
async function counted(
  firing: Firing,
  own: AdmissionRecord,
  context: StartContext,
): Promise<Firing> {
  if (firing.state !== 'rejected' && firing.state !== 'started') return firing;
  try {
    await countOutcome(firing, context, own);
  } catch (error) {
    log('advance_failed', { firing: firing.id, message: String(error) });
  }
  return firing;
}

/** Somebody else has advanced the firing: it may be over, and its slots were taken after they were given back. */
async function overtaken(firing: DueFiring, context: StartContext): Promise<Firing> {
  const current = await latest(context.ledger, firing);
  if (isFinal(current)) await releaseSlot(current, context);
  return current;
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
async function refuse(
  firing: DueFiring,
  { own }: AdmissionRecords,
  context: StartContext,
  reason: string,
): Promise<Firing> {
  return counted(await end(firing, 'rejected', reason, context), own, context);
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
    ...decided(now()),
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
