import type { ListedExecution } from '../api/future-agi.ts';
import { attemptsInDoubt, isAttemptInDoubt, type Sent } from '../firing/doubt.ts';
import {
  type Attempts,
  type DueFiring,
  type Firing,
  storable,
  type UnknownFiring,
} from '../firing/firing.ts';
import { checkAt, checkStarted, leaving, shortened } from '../firing/transition.ts';
import { logUnresolved, unresolved } from '../firing/unresolved.ts';
import { adoptExecution, readOwner } from '../ledger/execution-owner.ts';
import type { LedgerContext, RetentionContext } from '../ledger/ledger.ts';
import { writeOrLatest } from '../ledger/write-or-latest.ts';
import { log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';
import { type Attribution, attemptOf, attribute, graceEnd } from './attribution.ts';
import { type FindContext, findExecutions, type Unlisted } from './find-executions.ts';
import { logStarted } from './log-started.ts';
import { own } from './own.ts';

/** For finding what a POST started, and for owning it. */
export type ReconcileContext = FindContext & RetentionContext;

/** A firing to look for: one that is not to be sent yet, or one that may be sent again. */
type Doubtful = (UnknownFiring | (DueFiring & Sent)) & Firing & Sent;

/** So that each sweep lists, although none begins on the second. */
const CHECK_AGAIN_MS = 45_000;
/** A list that fails for this long after the grace period will not settle anything. */
const LIST_OUTAGE_LIMIT_MS = 3_600_000;

/**
 * Settles an unknown outcome by the list of executions: `unknown` → `started`, `unresolved`, or `due` where a person
 * or `resend` says so.
 */
export async function reconcile(
  firing: UnknownFiring,
  context: ReconcileContext,
  until: Date,
): Promise<Firing> {
  const attribution = await look(firing, context, until);
  if (attribution.kind === 'adopt') return adopt(firing, attribution.execution, context);
  const next = reconciled(firing, attribution, context.now());
  return writeOrLatest(context.ledger, firing, next, logReconciled);
}

/**
 * Looks for the earlier attempts of a firing before it is sent once more. Undefined when it may be sent: none of them
 * has started, or a person has said that it is sent although nothing can tell.
 */
export async function lookBeforeSending(
  firing: DueFiring & Sent,
  context: ReconcileContext,
  until: Date,
): Promise<Firing | undefined> {
  const attribution = await look(firing, context, until);
  const isLate = context.now() >= new Date(firing.deadline);
  switch (attribution.kind) {
    case 'adopt':
      return adopt(firing, attribution.execution, context);
    case 'none':
      return undefined;
    case 'wait': {
      const reason = `Not started by ${firing.deadline}, and it is not known whether an earlier attempt has started`;
      return isLate ? giveUp(firing, reason, context) : lookAgain(firing, context);
    }
    case 'undecided':
      return isInsisted(firing) ? undefined : giveUp(firing, attribution.reason, context);
  }
}

function giveUp(firing: Doubtful, reason: string, { ledger, now }: LedgerContext): Promise<Firing> {
  return writeOrLatest(ledger, firing, unresolved(firing, reason, now()), logUnresolved);
}

function lookAgain(firing: Doubtful, { ledger, now }: LedgerContext): Promise<Firing> {
  return writeOrLatest(ledger, firing, { ...firing, ...checkAt(addMs(now(), CHECK_AGAIN_MS)) });
}

async function look(firing: Doubtful, context: ReconcileContext, until: Date) {
  const found = await findExecutions(firing, context, until);
  const now = context.now();
  if (found.kind === 'unlisted') return attributeUnlisted(firing, found, now);
  if (found.own) return { kind: 'adopt', execution: found.own } as const;
  return attribute(firing, found, now);
}

function attributeUnlisted(
  firing: Doubtful,
  { permanent, message }: Unlisted,
  now: Date,
): Attribution {
  const appearsUntil = graceEnd(firing);
  const isToSend = firing.state === 'due' || isRetried(firing);
  const lastTry = isToSend ? new Date(firing.deadline) : addMs(appearsUntil, LIST_OUTAGE_LIMIT_MS);
  const isSettled = isInsisted(firing) && now >= appearsUntil;
  if (!permanent && !isSettled && now < lastTry) return { kind: 'wait' };
  return { kind: 'undecided', reason: `The executions list cannot be read: ${message}` };
}

function reconciled(
  firing: UnknownFiring,
  attribution: Exclude<Attribution, { kind: 'adopt' }>,
  now: Date,
): Firing {
  switch (attribution.kind) {
    case 'wait':
      return { ...leaving(firing), ...checkAt(addMs(now, CHECK_AGAIN_MS)), state: 'unknown' };
    case 'none':
      return isRetried(firing) ? dueAgain(firing, NOT_FOUND, now) : resentOrUnresolved(firing, now);
    case 'undecided':
      return isInsisted(firing)
        ? dueAgain(firing, attribution.reason, now)
        : unresolved(firing, attribution.reason, now);
  }
}

/** Whether a person has decided, since the last attempt, that the firing is sent again. */
function isRetried({ retries, attempts }: Firing): boolean {
  return retries?.at(-1)?.attempts === attempts.length;
}

/** Whether a person has decided that the firing is sent even in doubt, and no attempt has come to doubt since. */
function isInsisted({ retries, attempts }: Firing): boolean {
  const { sendAnyway, attempts: before } = retries?.at(-1) ?? {};
  return sendAnyway === true && !attempts.slice(before).some(isAttemptInDoubt);
}

const NOT_FOUND = 'No execution was found';

function dueAgain(firing: UnknownFiring, reason: string, now: Date): Firing {
  return now < new Date(firing.deadline)
    ? { ...leaving(firing), ...checkAt(now), state: 'due', reason: shortened(reason) }
    : unresolved(firing, `${reason}, and the start deadline has passed`, now);
}

/** The ledger is asked first whose it is: nobody else can adopt it meanwhile. */
async function adopt(firing: Doubtful, listed: ListedExecution, context: ReconcileContext) {
  const { ledger, now } = context;
  if (!(await adoptExecution(listed.id, firing, context))) return lookAgain(firing, context);
  const isAnswered = (await readOwner(listed.id, context))?.answered === true;
  if (isAnswered) await own(listed.id, firing, context);
  const next = adopted(firing, listed, isAnswered, now());
  return writeOrLatest(ledger, firing, next, logReconciled);
}

function adopted(firing: Doubtful, listed: ListedExecution, isAnswered: boolean, now: Date) {
  const { startedAt, scenarioIds, scenarioNames, ...known } = listed;
  const execution = storable({
    ...known,
    ...(scenarioIds && { scenarioIds: [...scenarioIds] }),
    ...(!isAnswered && { adopted: true }),
  });
  return {
    ...leaving(firing, ['started']),
    ...checkStarted(firing, now),
    state: 'started' as const,
    attempts: attributed(firing, listed),
    execution,
  };
}

function attributed(firing: Doubtful, listed: ListedExecution): Attempts {
  const own = attemptOf(firing, listed);
  const [first, ...others] = firing.attempts;
  const mark = (attempt: Attempts[number]) =>
    attempt === own ? { ...attempt, executionId: listed.id } : attempt;
  return [mark(first), ...others.map(mark)];
}

/** Only a list of known executions makes "there is none" certain enough to spend money on. */
function resentOrUnresolved(firing: UnknownFiring, now: Date): Firing {
  if (firing.policy.onUnknown === 'hold') return unresolved(firing, NOT_FOUND, now);
  if (attemptsInDoubt(firing).some(({ knownExecutions }) => !knownExecutions)) {
    return unresolved(firing, `${NOT_FOUND}, but the list could not be read before`, now);
  }
  return dueAgain(firing, NOT_FOUND, now);
}

function logReconciled(firing: Firing): void {
  const { id, trigger, runTestId, attempts, reason } = firing;
  const fields = { firing: id, trigger, run_test_id: runTestId, attempt: attempts.length };
  if (firing.state === 'started') {
    logStarted('execution_adopted', firing.execution, fields);
  } else if (firing.state === 'unresolved') {
    logUnresolved(firing);
  } else if (firing.state === 'due') {
    log('resend_planned', { ...fields, message: reason });
  }
}
