import type { Firing, NotStartedFiring, UnresolvedFiring } from '../firing/firing.ts';
import { checkAt, leaving } from '../firing/transition.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { addMinutes } from '../runtime/time.ts';
import { graceEnd } from './attribution.ts';

/** By whom and why is kept in the firing and shown in its timeline. */
export interface RetryReason {
  readonly by: string;
  readonly reason: string;
  /** Even where the executions list cannot tell whether it has started: it may run twice. */
  readonly sendAnyway?: boolean | undefined;
  /** A repetition, as the SDK makes of an invocation whose answer was lost, has the same. */
  readonly requestId?: string | undefined;
}

/** What became of a retry. Only `rejected`, `unresolved` and `missed` firings can be sent again. */
export type RetryResult =
  | { readonly kind: 'retried'; readonly firing: Firing }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'wrong-state'; readonly firing: Firing }
  | { readonly kind: 'changed-meanwhile' };

/**
 * Makes a `rejected` or `missed` firing due again, with a new start deadline; the next sweep sends it as a further attempt. An
 * `unresolved` one becomes `unknown`: it is looked for once more before, and stays unresolved where that cannot tell.
 * Who, when and why stay in the firing. At most one of several simultaneous retries wins.
 */
export async function retryFiring(
  id: string,
  order: RetryReason,
  { ledger, now }: LedgerContext,
): Promise<RetryResult> {
  const firing = await ledger.read(id);
  if (!firing) return { kind: 'not-found' };
  if (isRepetition(firing, order)) return { kind: 'retried', firing };
  if (!isRetryable(firing)) return { kind: 'wrong-state', firing };
  const written = await ledger.write(firing, retried(firing, order, now()));
  if (!written) return { kind: 'changed-meanwhile' };
  const { trigger, state: from } = firing;
  log('firing_retried', { firing: id, trigger, from, by: order.by, message: order.reason });
  return { kind: 'retried', firing: written };
}

function isRepetition({ retries = [] }: Firing, { requestId }: RetryReason): boolean {
  return requestId !== undefined && retries.some((retry) => retry.requestId === requestId);
}

/** Whether a person can have it sent again. */
export function isRetryable(firing: Firing): firing is UnresolvedFiring | NotStartedFiring {
  return ['rejected', 'unresolved', 'missed'].includes(firing.state);
}

function retried(
  firing: UnresolvedFiring | NotStartedFiring,
  { by, reason, sendAnyway, requestId }: RetryReason,
  now: Date,
): Firing {
  const { state, attempts, policy, retries = [] } = firing;
  const entry = {
    at: now.toISOString(),
    by,
    reason,
    from: state,
    attempts: attempts.length,
    ...(sendAnyway && { sendAnyway: true as const }),
    ...(requestId !== undefined && { requestId }),
  };
  // Published only now, the refusal could be taken for one of the new attempt.
  const outbox = firing.outbox?.filter((kind) => kind !== state);
  // The execution of one in doubt may appear until then.
  const appearsUntil = state === 'unresolved' ? graceEnd(firing) : now;
  const sentFrom = appearsUntil > now ? appearsUntil : now;
  const deadline = addMinutes(sentFrom, policy.startDeadlineMinutes).toISOString();
  const again = { deadline, retries: [...retries, entry], ...checkAt(now) };
  return firing.state === 'unresolved'
    ? { ...leaving({ ...firing, outbox }), ...again, state: 'unknown' }
    : { ...leaving({ ...firing, outbox }), ...again, state: 'due' };
}
