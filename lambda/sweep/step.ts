import { advance } from '../advance.ts';
import type { OutboxContext } from '../events/outbox.ts';
import type { Firing } from '../firing/firing.ts';
import { isFinal, isFollowed } from '../firing/states.ts';
import { follow } from '../follow/follow.ts';
import type { StartContext } from '../start/start.ts';

/** What the sweep's step needs: to advance, to follow, and to publish. */
export type SweepContext = StartContext & OutboxContext;

/** Advances a firing, and polls its execution when that is due. */
export async function advanceAndFollow(
  firing: Firing,
  context: SweepContext,
  until: Date,
): Promise<Firing> {
  const advanced = await advance(firing, context, until);
  return isFollowed(advanced) && isCheckDue(advanced, context.now())
    ? follow(advanced, context, until)
    : advanced;
}

/** Whether it has events to publish, or is final and only waits to be closed. */
export function isToPublish(firing: Firing): boolean {
  return firing.outbox !== undefined || (isFinal(firing) && firing.nextCheckAt !== undefined);
}

/** Whether it is open and its next check is due. */
export function isCheckDue({ nextCheckAt }: Firing, now: Date): boolean {
  return nextCheckAt !== undefined && new Date(nextCheckAt) <= now;
}
