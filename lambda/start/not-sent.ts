import { isInDoubt } from '../firing/doubt.ts';
import type { DueFiring, Firing, SkippedBy } from '../firing/firing.ts';
import { checkAt, decided, leaving, shortened } from '../firing/transition.ts';
import { logUnresolved, unresolved } from '../firing/unresolved.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { writeOrLatest } from '../ledger/write-or-latest.ts';
import { type LogEvent, log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';

const POSTPONE_MS = 30_000;

/** Whether a firing's start deadline is over. */
export function isLate({ deadline }: DueFiring, now: Date): boolean {
  return now >= new Date(deadline);
}

/** Ends a firing by the decision of a policy: it is sent neither now nor later. */
export function skip(
  firing: DueFiring,
  policy: SkippedBy,
  reason: string,
  context: LedgerContext,
): Promise<Firing> {
  return end(firing, 'skipped', reason, context, { skippedBy: policy });
}

/** Ends a firing whose start deadline is over. */
export function expire(firing: DueFiring, context: LedgerContext): Promise<Firing> {
  const last = firing.reason ?? firing.attempts.at(-1)?.message;
  const reason = `Not started by ${firing.deadline}${last ? `: ${last}` : ''}`;
  return end(firing, 'expired', reason, context);
}

/** Ends a firing that a person must put right before it can be sent. */
export function reject(firing: DueFiring, reason: string, context: LedgerContext): Promise<Firing> {
  return end(firing, 'rejected', reason, context);
}

/** The start deadline stays as it is. */
export function postpone(
  firing: DueFiring,
  reason: string,
  { ledger, now }: LedgerContext,
): Promise<Firing> {
  const postponed = {
    ...leaving(firing),
    ...checkAt(addMs(now(), POSTPONE_MS)),
    state: 'due',
    reason: shortened(reason),
  } as const;
  return writeOrLatest(ledger, firing, postponed, logAs('start_postponed'));
}

const EARLIER_IN_DOUBT = 'An earlier attempt may have started, so it is not sent again';

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
  { ledger, now }: LedgerContext,
  policy: { readonly skippedBy?: SkippedBy } = {},
): Promise<Firing> {
  if (isInDoubt(firing)) {
    const doubtful = unresolved(firing, `${EARLIER_IN_DOUBT}: ${reason}`, now());
    return writeOrLatest(ledger, firing, doubtful, logUnresolved);
  }
  const ended = {
    ...leaving(firing, [state]),
    ...decided(now()),
    state,
    ...policy,
    reason: shortened(reason),
  };
  return writeOrLatest(ledger, firing, ended, logAs(ENDS[state], { policy: policy.skippedBy }));
}

function logAs(event: LogEvent, fields: object = {}) {
  return ({ id, trigger, reason }: Firing) =>
    log(event, { firing: id, trigger, ...fields, message: reason });
}
