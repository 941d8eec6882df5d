import type { Core } from '../shared/core.ts';
import type { Firing } from '../shared/firing.ts';
import { follow } from '../shared/follow/follow.ts';
import { awaitsCancel } from '../shared/mismatch.ts';
import { isFinal } from '../shared/transition.ts';
import type { Publish } from './publish.ts';
import { tell } from './tell.ts';

/** What the sweep does with a firing when it has started or ended: follows its execution, and tells people. */
export function concluder(publish: Publish): NonNullable<Core['conclude']> {
  return async (firing, core, until) => {
    const isUnderWay = firing.state === 'started' && !isFinal(firing) && !awaitsCancel(firing);
    const next = isUnderWay && isLookDue(firing, core) ? await follow(firing, core, until) : firing;
    return next.untold ? tell(next, core, publish) : next;
  };
}

function isLookDue({ nextLook }: Firing, { now }: Core): boolean {
  return nextLook !== undefined && new Date(nextLook) <= now();
}
