import { type Api, accessApi } from '../api/api.ts';
import { type ApiAccess, listExecutions } from '../api/future-agi.ts';
import { serverTime } from '../api/outcome.ts';
import type { EventKind } from '../firing/event-kind.ts';
import { type DueFiring, type Firing, type SendingFiring, withAttempt } from '../firing/firing.ts';
import type { Budget } from '../firing/policy.ts';
import { isFinal } from '../firing/states.ts';
import { checkBy, leaving } from '../firing/transition.ts';
import type { RetentionContext } from '../ledger/ledger.ts';
import { latest } from '../ledger/write-or-latest.ts';
import {
  type AdmissionContext,
  admit,
  mayTakeSlots,
  pausedBy,
  readPolicyRecords,
} from '../policies/admission.ts';
import { releaseSlot } from '../policies/release.ts';
import { LEASE_MS, timeLeft } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import { addMs } from '../runtime/time.ts';
import { expire, isLate, postpone, reject, skip } from './not-sent.ts';
import { type Draft, prepare } from './prepare.ts';
import { counted, send } from './send.ts';

/** What starting a firing needs: the policies' part, and the API. */
export interface StartContext extends AdmissionContext, RetentionContext {
  readonly api: Api;
}

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
    readPolicyRecords(firing, context),
    accessApi(api, until),
  ]);
  const paused = pausedBy(records, firing, now());
  if (paused !== undefined) return skip(firing, paused.policy, paused.reason, context);
  const refuse = async (reason: string) =>
    counted(await reject(firing, reason, context), records.own, context);
  if (access instanceof SecretUnusableError) return refuse(access.message);
  if (access instanceof Error) return postpone(firing, access.message, context);
  const draft = await prepare(firing, api, access);
  if (draft.kind === 'refused') return refuse(draft.reason);
  if (draft.kind === 'unavailable') return postpone(firing, draft.reason, context);
  if (timeLeft(api, until) < api.limits.postLeastMs) return firing;
  const [before, isAsRead] = await Promise.all([
    listBefore(firing, draft.runTestId, api, access),
    mayTakeSlots(firing, context),
  ]);
  if (!isAsRead) return released(latest(ledger, firing), context);
  const { executions, listedAt } = before;
  const scenarios = await countScenarios(firing, draft, context, access);
  const { runTestId } = draft;
  const candidate = { firing, runTestId, scenarios, executions, listedAt };
  const admission = await admit(candidate, records, context);
  switch (admission?.kind) {
    case undefined:
      return released(postpone(firing, TOO_MANY, context), context);
    case 'outdated':
      return released(latest(ledger, firing), context);
    case 'skipped':
      return released(skip(firing, admission.policy, admission.reason, context), context);
    case 'waiting': {
      const { waitForOthers } = await import('./wait-for-others.ts');
      return waitForOthers(firing, admission, access, context);
    }
    case 'admitted':
  }
  if (isLate(firing, now())) return released(expire(firing, context), context);
  if (timeLeft(api, until) < api.limits.postLeastMs) {
    return released(latest(ledger, firing), context);
  }
  const { warnings } = admission;
  const lease = leased(firing, draft, now(), before, warnings);
  const sending = await ledger.write(firing, lease);
  if (!sending) return released(latest(ledger, firing), context);
  if (isNewWarning(firing, warnings)) logWarnings(firing, warnings);
  return send({ sending, draft, access }, context, until);
}

const TOO_MANY = 'Too many firings want to start at this moment';

/** A firing that is over after all gives its slots back: others may have ended it before it took them. */
async function released(left: Promise<Firing>, context: StartContext): Promise<Firing> {
  const firing = await left;
  if (isFinal(firing)) await releaseSlot(firing, context);
  return firing;
}

type Before = Awaited<ReturnType<typeof listBefore>>;

/**
 * The executions that are there before: some may still run, and that of a lost answer is not among them. A failure
 * stops nothing.
 */
async function listBefore(
  { id, trigger }: DueFiring,
  runTestId: string,
  { limits: { connectMs, listBeforeMs }, now }: Api,
  access: ApiAccess,
) {
  const listedAt = now();
  const limits = { connectMs: Math.min(connectMs, listBeforeMs), totalMs: listBeforeMs };
  const page = await listExecutions(runTestId, 1, { ...access, limits: () => limits });
  const readAt = now();
  const serverAt = serverTime(page.date, readAt);
  // How far the server's clock is ahead of ours, where it tells.
  const clock = serverAt && { serverAheadMs: serverAt.getTime() - readAt.getTime() };
  const executions = page.kind === 'page' ? page.executions : undefined;
  if (page.kind !== 'page') {
    log('known_executions_missed', { firing: id, trigger, message: page.message });
  }
  return { listedAt, executions, ...clock };
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
  const found = await api.lookups.scenarios(runTestId, access);
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
    ...checkBy(leaseUntil, firing, now),
    ...(isWarned && { budgetWarning: warnings.join('; ') }),
    state: 'sending',
    runTestId,
    selection,
    sentAt,
    leaseUntil: leaseUntil.toISOString(),
    attempts: withAttempt(firing.attempts, attempt),
  };
}
