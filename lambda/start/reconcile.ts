import { type Api, accessApi, isCurrentKey } from '../api/api.ts';
import { type ListedExecution, listExecutions } from '../api/future-agi.ts';
import {
  type Firing,
  lastAttempt,
  storable,
  type UnknownFiring,
  type UnresolvedFiring,
} from '../firing/firing.ts';
import { checkAt, checkStarted, leaving, shortened } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { writeOrLatest } from '../ledger/write-or-latest.ts';
import { log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';
import {
  type Attribution,
  attribute,
  CLOCK_TOLERANCE_MS,
  graceEnd,
  type Listing,
  sentPeriodStart,
  windowStart,
} from './attribution.ts';
import { logStarted } from './log-started.ts';

type ReconcileContext = LedgerContext & { readonly api: Api };

/** So that each sweep lists, although none begins on the second. */
const CHECK_AGAIN_MS = 45_000;
/** A list that fails for this long after the grace period will not settle anything. */
const LIST_OUTAGE_LIMIT_MS = 3_600_000;
const MOST_PAGES = 4;

/**
 * Settles an unknown outcome by the list of executions: `unknown` → `started`, `unresolved`, or `due` where a person
 * or `resend` says so.
 */
export async function reconcile(
  firing: UnknownFiring,
  context: ReconcileContext,
  until: Date,
): Promise<Firing> {
  const attribution = await attributeNow(firing, context, until);
  const next = reconciled(firing, attribution, context.now());
  return writeOrLatest(context.ledger, firing, next, logReconciled);
}

async function attributeNow(
  firing: UnknownFiring,
  { ledger, api, now }: ReconcileContext,
  until: Date,
): Promise<Attribution> {
  const listing = await listSince(firing, api, until);
  if (listing.kind === 'unreadable') return attributeUnlisted(firing, listing, now());
  const sentFirings = await ledger.sentBetween(
    firing.runTestId,
    sentPeriodStart(firing),
    addMs(now(), 2 * CLOCK_TOLERANCE_MS),
  );
  return attribute(firing, { ...listing, sentFirings }, now());
}

interface Unlisted {
  readonly kind: 'unreadable';
  readonly permanent: boolean;
  readonly message: string;
}

/** Pages back, newest first, until the list of known executions or the attempt's time is reached. */
async function listSince(
  firing: UnknownFiring,
  api: Api,
  until: Date,
): Promise<({ readonly kind: 'read' } & Omit<Listing, 'sentFirings'>) | Unlisted> {
  const access = await accessApi(api, until);
  if (access instanceof Error) {
    return { kind: 'unreadable', permanent: false, message: access.message };
  }
  const listed = new Map<string, ListedExecution>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const result = await listExecutions(firing.runTestId, page, access);
    if (result.kind === 'unreadable') {
      return { ...result, permanent: result.permanent && (await isCurrentKey(access.key, api)) };
    }
    for (const execution of result.executions) listed.set(execution.id, execution);
    if (result.last || result.executions.some((execution) => isBefore(firing, execution))) {
      return { kind: 'read', executions: [...listed.values()], complete: true };
    }
  }
  return { kind: 'read', executions: [...listed.values()], complete: false };
}

function isBefore(firing: UnknownFiring, { id, startedAt }: ListedExecution): boolean {
  const known = lastAttempt(firing).knownExecutions?.includes(id) ?? false;
  return known || (startedAt !== undefined && startedAt < windowStart(firing));
}

function attributeUnlisted(
  firing: UnknownFiring,
  { permanent, message }: Unlisted,
  now: Date,
): Attribution {
  const lastTry = isRetried(firing)
    ? new Date(firing.deadline)
    : addMs(graceEnd(firing), LIST_OUTAGE_LIMIT_MS);
  if (!permanent && now < lastTry) return { kind: 'wait' };
  return { kind: 'undecided', reason: `The executions list cannot be read: ${message}` };
}

function reconciled(firing: UnknownFiring, attribution: Attribution, now: Date): Firing {
  switch (attribution.kind) {
    case 'adopt':
      return adopted(firing, attribution.execution, now);
    case 'wait':
      return { ...leaving(firing), ...checkAt(addMs(now, CHECK_AGAIN_MS)), state: 'unknown' };
    case 'none':
      return isRetried(firing) ? dueAgain(firing, NOT_FOUND, now) : resentOrUnresolved(firing, now);
    case 'undecided':
      return isRetried(firing)
        ? dueAgain(firing, attribution.reason, now)
        : unresolved(firing, attribution.reason, now);
  }
}

/** Whether a person has decided, since the last attempt, that the firing is sent again. */
function isRetried({ retries, attempts }: UnknownFiring): boolean {
  return retries?.at(-1)?.attempts === attempts.length;
}

const NOT_FOUND = 'No execution was found';

function dueAgain(firing: UnknownFiring, reason: string, now: Date): Firing {
  return now < new Date(firing.deadline)
    ? { ...leaving(firing), ...checkAt(now), state: 'due', reason: shortened(reason) }
    : unresolved(firing, `${reason}, and the start deadline has passed`, now);
}

function adopted(
  firing: UnknownFiring,
  { startedAt, scenarioIds, ...known }: ListedExecution,
  now: Date,
): Firing {
  const execution = storable({ ...known, ...(scenarioIds && { scenarioIds: [...scenarioIds] }) });
  return {
    ...leaving(firing, ['started']),
    ...checkStarted(firing, now),
    state: 'started',
    execution,
  };
}

/** Only a list of known executions makes "there is none" certain enough to spend money on. */
function resentOrUnresolved(firing: UnknownFiring, now: Date): Firing {
  if (firing.policy.onUnknown === 'hold') return unresolved(firing, NOT_FOUND, now);
  if (lastAttempt(firing).knownExecutions === undefined) {
    return unresolved(firing, `${NOT_FOUND}, but the list could not be read before`, now);
  }
  return dueAgain(firing, NOT_FOUND, now);
}

function unresolved(firing: UnknownFiring, reason: string, now: Date): UnresolvedFiring {
  return {
    ...leaving(firing, ['unresolved']),
    ...checkAt(now),
    state: 'unresolved',
    reason: shortened(reason),
  };
}

function logReconciled(firing: Firing): void {
  const { id, trigger, runTestId, attempts, reason } = firing;
  const fields = { firing: id, trigger, run_test_id: runTestId, attempt: attempts.length };
  if (firing.state === 'started') {
    logStarted('execution_adopted', firing.execution, fields);
  } else if (firing.state === 'unresolved') {
    log('start_unresolved', { ...fields, message: reason, what_to_do: LOOK_FOR_YOURSELF });
  } else if (firing.state === 'due') {
    log('resend_planned', { ...fields, message: reason });
  }
}

const LOOK_FOR_YOURSELF =
  'Look at the run test’s executions in Future AGI; retry the firing only if it did not start.';
