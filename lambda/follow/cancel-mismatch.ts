import { type Api, accessApi } from '../api/api.ts';
import { type Cancellation, cancelExecution, checkBeforeCancel } from '../api/cancel-execution.ts';
import type { Firing, StartedFiring } from '../firing/firing.ts';
import type { FiringToCancel } from '../firing/states.ts';
import { checkAt, checkStarted, leaving } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { latest, writeOrLatest } from '../ledger/write-or-latest.ts';
import { LEASE_MS, timeLeft } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { addMinutes, addMs } from '../runtime/time.ts';

type CancelContext = LedgerContext & { readonly api: Api };

const CHECK_AGAIN_MS = 60_000;
/** A run is mostly over by then, and a person must look. */
const GIVE_UP_MINUTES = 30;

/**
 * Cancels the execution of a `started` firing whose scenarios are not those asked for. Its status is read first;
 * the cancel request leaves at most once, under a lease of its own: after a crash only its status is read.
 */
export async function cancelMismatch(
  firing: FiringToCancel,
  context: CancelContext,
  until: Date,
): Promise<Firing> {
  const { ledger, api, now } = context;
  const { runTestId, execution, mismatch, leaseUntil } = firing;
  const isLeased = mismatch.cancel === 'sending';
  if (isLeased && leaseUntil !== undefined && now() < new Date(leaseUntil)) return firing;
  const access = await accessApi(api, until);
  if (access instanceof Error) {
    return conclude(firing, { kind: 'later', message: access.message }, context);
  }
  const before = await checkBeforeCancel(runTestId, execution.id, access);
  if (isLeased) return conclude(firing, before ?? STILL_RUNS_AFTER_CRASH, context);
  if (before) return conclude(firing, before, context);

  if (timeLeft(api, until) < api.limits.postLeastMs) return firing;
  const leaseEnd = addMs(now(), LEASE_MS);
  const leased = await ledger.write(firing, {
    ...leaving(firing),
    ...checkAt(leaseEnd),
    mismatch: { ...mismatch, cancel: 'sending' as const },
    leaseUntil: leaseEnd.toISOString(),
  });
  if (!leased) return latest(ledger, firing);
  return conclude(leased, await cancelExecution(execution.id, access), context, mismatch.cancel);
}

/** The request may have left before the function died; it is not sent again. */
const STILL_RUNS_AFTER_CRASH: Cancellation = {
  kind: 'failed',
  message: 'The function died while it cancelled, and the execution is still under way',
};

/** @param repeat what `mismatch.cancel` is where it is to be tried again. */
async function conclude(
  firing: FiringToCancel,
  cancellation: Cancellation,
  { ledger, now }: CancelContext,
  repeat = firing.mismatch.cancel,
): Promise<Firing> {
  const end = orGivenUp(firing, cancellation, now());
  const isLater = end.kind === 'later';
  const next: StartedFiring = {
    ...leaving(firing),
    ...(isLater ? checkAt(addMs(now(), CHECK_AGAIN_MS)) : checkStarted(firing, now())),
    mismatch: { ...firing.mismatch, cancel: end.kind === 'later' ? repeat : end.kind },
  };
  return writeOrLatest(ledger, firing, next, () => {
    if (!isLater) logCancelled(firing, end);
  });
}

function orGivenUp(firing: StartedFiring, cancellation: Cancellation, now: Date): Cancellation {
  const isLate = now >= addMinutes(new Date(firing.sentAt), GIVE_UP_MINUTES);
  return cancellation.kind === 'later' && isLate
    ? { ...cancellation, kind: 'failed' }
    : cancellation;
}

function logCancelled(firing: StartedFiring, { kind, message }: Cancellation): void {
  const { id, trigger, execution } = firing;
  const fields = { firing: id, trigger, execution_id: execution.id, message };
  if (kind === 'failed') log('mismatch_cancel_failed', { ...fields, what_to_do: BY_HAND });
  else log(kind === 'cancelled' ? 'mismatch_cancelled' : 'mismatch_cancel_skipped', fields);
}

const BY_HAND = 'Look at the execution in Future AGI and cancel it there if it is still running.';
