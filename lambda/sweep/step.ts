import { advance } from '../advance.ts';
import { type OutboxContext, publishOutbox } from '../events/outbox.ts';
import type { Firing } from '../firing/firing.ts';
import { isFinal, isFollowed } from '../firing/states.ts';
import { follow } from '../follow/follow.ts';
import type { StartContext } from '../start/start.ts';

/** What the sweep's step needs: to advance, to follow, and to publish. */
export type SweepContext = StartContext & OutboxContext;

/** Advances a firing, polls its execution when that is due, and publishes its events. */
export async function advanceAndPublish(
  firing: Firing,
  context: SweepContext,
  until: Date,
): Promise<Firing> {
  const advanced = await advance(firing, context, until);
  const next =
    isFollowed(advanced) && isCheckDue(advanced, context.now())
      ? await follow(advanced, context, until)
      : advanced;
  const isToClose = isFinal(next) && next.nextCheckAt !== undefined;
  return next.outbox || isToClose ? publishOutbox(next, context) : next;
}

/** Whether it is open and its next check is due. */
export function isCheckDue({ nextCheckAt }: Firing, now: Date): boolean {
  return nextCheckAt !== undefined && new Date(nextCheckAt) <= now;
}
