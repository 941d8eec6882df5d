import type { Core } from './core.ts';
import type { Firing } from './firing.ts';
import { awaitsCancel } from './mismatch.ts';
import { reconcile } from './reconcile.ts';
import { attemptDied } from './settle.ts';
import { start } from './start.ts';
import { isFinal } from './transition.ts';

/**
 * Moves a firing one step toward a final state and returns it as the ledger then holds it. Any number of
 * callers may advance the same firing at once: each write is conditional and the losers do nothing.
 * @param until when the caller must have its answer: a POST leaves with what is left of that time.
 */
export async function advance(firing: Firing, core: Core, until: Date): Promise<Firing> {
  const stepped = await step(firing, core, until);
  const next = awaitsCancel(stepped) ? await cancel(stepped, core, until) : stepped;
  if (!next.untold || !core.publish) return next;
  const { tell } = await import('./tell.ts');
  return tell(next, core, core.publish);
}

async function cancel(firing: Firing, core: Core, until: Date): Promise<Firing> {
  const { cancelMismatch } = await import('./cancel-mismatch.ts');
  return cancelMismatch(firing, core, until);
}

async function step(firing: Firing, core: Core, until: Date): Promise<Firing> {
  switch (firing.state) {
    case 'due':
      return start(firing, core, until);
    case 'sending':
      return attemptDied(firing, core);
    case 'unknown':
      return reconcile(firing, core, until);
    case 'started':
      return awaitsEnd(firing) ? followOn(firing, core, until) : firing;
    case 'completed':
    case 'failed':
    case 'cancelled':
    case 'lost':
    case 'rejected':
    case 'unresolved':
    case 'expired':
    case 'skipped':
      return firing;
  }
}

function awaitsEnd(firing: Firing): boolean {
  return !isFinal(firing) && !awaitsCancel(firing);
}

async function followOn(firing: Firing, core: Core, until: Date): Promise<Firing> {
  const { follow } = await import('./follow.ts');
  return follow(firing, core, until);
}
