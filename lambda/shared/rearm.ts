import { graceEnd } from './candidates.ts';
import type { Core } from './core.ts';
import { addMinutes, type Firing } from './firing.ts';
import { log } from './log.ts';
import { toOpen } from './transition.ts';

/** A person's decision to send a firing again, although an `unresolved` one may have started. */
export interface Rearm {
  readonly by: string;
  readonly reason: string;
}

/** What became of a re-arm. Only `rejected` and `unresolved` firings can be sent again. */
export type Rearmed =
  | { readonly kind: 'rearmed'; readonly firing: Firing }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'wrong-state'; readonly firing: Firing }
  | { readonly kind: 'changed-meanwhile' };

/**
 * Makes a `rejected` firing due again, with a new start deadline; the next sweep sends it as a further attempt. An
 * `unresolved` one becomes `unknown`: it is looked for once more before. Who, when and why stay in the firing. At most
 * one of several simultaneous re-arms wins.
 */
export async function rearm(
  id: string,
  order: Rearm,
  core: Pick<Core, 'ledger' | 'now'>,
): Promise<Rearmed> {
  const firing = await core.ledger.read(id);
  if (!firing) return { kind: 'not-found' };
  if (firing.state !== 'rejected' && firing.state !== 'unresolved') {
    return { kind: 'wrong-state', firing };
  }
  const written = await core.ledger.write(firing, rearmed(firing, order, core.now()));
  if (!written) return { kind: 'changed-meanwhile' };
  const { by, reason } = order;
  log('firing_rearmed', {
    firing: id,
    trigger: firing.trigger,
    from: firing.state,
    by,
    message: reason,
  });
  return { kind: 'rearmed', firing: written };
}

function rearmed(firing: Firing, { by, reason }: Rearm, now: Date) {
  const { state, attempts, policy, rearms = [] } = firing;
  const isDoubtful = state === 'unresolved';
  const entry = { at: now.toISOString(), by, reason, from: state, attempts: attempts.length };
  // Whoever would be told of the refusal only now could take it for one of the new attempt.
  const untold = firing.untold?.filter((kind) => kind !== state);
  // Its execution may appear until then.
  const sentFrom = isDoubtful && graceEnd(firing) > now ? graceEnd(firing) : now;
  return toOpen({ ...firing, untold }, isDoubtful ? 'unknown' : 'due', now, {
    deadline: addMinutes(sentFrom, policy.startDeadlineMinutes).toISOString(),
    rearms: [...rearms, entry],
  });
}
