import type { Core } from '../core.ts';
import { publishOutbox } from '../events/outbox.ts';
import type { Publish } from '../events/publish.ts';
import type { Firing } from '../firing/firing.ts';
import { awaitsCancel } from '../firing/mismatch.ts';
import { isFinal } from '../firing/transition.ts';
import { follow } from '../follow/follow.ts';

/** What the sweep does with a firing when it has started or ended: follows its execution, and tells people. */
export function concluder(publish: Publish): NonNullable<Core['conclude']> {
  return async (firing, core, until) => {
    const isUnderWay = firing.state === 'started' && !isFinal(firing) && !awaitsCancel(firing);
    const next =
      isUnderWay && isCheckDue(firing, core) ? await follow(firing, core, until) : firing;
    return next.outbox ? publishOutbox(next, core, publish) : next;
  };
}

function isCheckDue({ nextCheckAt }: Firing, { now }: Core): boolean {
  return nextCheckAt !== undefined && new Date(nextCheckAt) <= now();
}
