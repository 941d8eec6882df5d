import type { Core } from '../core.ts';
import { addMinutes, type Firing } from '../firing/firing.ts';
import { toOpen } from '../firing/transition.ts';
import { log } from '../runtime/log.ts';
import { graceEnd } from './attribution.ts';

/** A person's decision to send a firing again, although an `unresolved` one may have started. */
export interface RetryReason {
  readonly by: string;
  readonly reason: string;
}

/** What became of a retry. Only `rejected` and `unresolved` firings can be sent again. */
export type RetryResult =
  | { readonly kind: 'retried'; readonly firing: Firing }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'wrong-state'; readonly firing: Firing }
  | { readonly kind: 'changed-meanwhile' };

/**
 * Makes a `rejected` firing due again, with a new start deadline; the next sweep sends it as a further attempt. An
 * `unresolved` one becomes `unknown`: it is looked for once more before. Who, when and why stay in the firing. At most
 * one of several simultaneous retries wins.
 */
export async function retryFiring(
  id: string,
  order: RetryReason,
  core: Pick<Core, 'ledger' | 'now'>,
): Promise<RetryResult> {
  const firing = await core.ledger.read(id);
  if (!firing) return { kind: 'not-found' };
  if (firing.state !== 'rejected' && firing.state !== 'unresolved') {
    return { kind: 'wrong-state', firing };
  }
  const written = await core.ledger.write(firing, retried(firing, order, core.now()));
  if (!written) return { kind: 'changed-meanwhile' };
  const { by, reason } = order;
  log('firing_retried', {
    firing: id,
    trigger: firing.trigger,
    from: firing.state,
    by,
    message: reason,
  });
  return { kind: 'retried', firing: written };
}

function retried(firing: Firing, { by, reason }: RetryReason, now: Date) {
  const { state, attempts, policy, retries = [] } = firing;
  const isDoubtful = state === 'unresolved';
  const entry = { at: now.toISOString(), by, reason, from: state, attempts: attempts.length };
  // Whoever would be told of the refusal only now could take it for one of the new attempt.
  const outbox = firing.outbox?.filter((kind) => kind !== state);
  // Its execution may appear until then.
  const sentFrom = isDoubtful && graceEnd(firing) > now ? graceEnd(firing) : now;
  return toOpen({ ...firing, outbox }, isDoubtful ? 'unknown' : 'due', now, {
    deadline: addMinutes(sentFrom, policy.startDeadlineMinutes).toISOString(),
    retries: [...retries, entry],
  });
}
