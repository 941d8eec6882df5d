import { advance } from '../advance.ts';
import type { OutboxContext } from '../events/outbox.ts';
import type { Firing, StartedFiring } from '../firing/firing.ts';
import { isFinal, isFollowed } from '../firing/states.ts';
import { isCheckDue } from '../firing/transition.ts';
import { follow } from '../follow/follow.ts';
import { usualDuration } from '../follow/usual-duration.ts';
import type { StartContext } from '../start/start.ts';
import type { Looks } from './looks.ts';

/** All that one firing's next step may need. */
export type SweepContext = StartContext & OutboxContext & { readonly looks: Looks };

/** Both in one sweep, so that a short execution is not found a minute late. */
export async function advanceAndFollow(
  firing: Firing,
  context: SweepContext,
  until: Date,
): Promise<Firing> {
  const advanced = await advance(firing, context, until);
  if (!isFollowed(advanced) || !isCheckDue(advanced, context.now())) return advanced;
  return follow(advanced, context, until, await usualSecondsOf(advanced, context));
}

/** A second try runs only what had failed: how long that takes is not known. */
async function usualSecondsOf(
  { usualSeconds, cause, trigger }: StartedFiring,
  { ledger }: SweepContext,
): Promise<number> {
  if (usualSeconds !== undefined) return usualSeconds;
  return cause.kind === 'again' ? 0 : ((await usualDuration(trigger, ledger)) ?? 0);
}

/** Whether it has events to publish, or is final and only waits to be closed. */
export function isToPublish(firing: Firing): boolean {
  return firing.outbox !== undefined || (isFinal(firing) && firing.nextCheckAt !== undefined);
}
