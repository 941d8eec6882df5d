import type { Core } from './core.ts';
import type { Firing } from './firing/firing.ts';
import { awaitsCancel } from './firing/mismatch.ts';
import { reconcile } from './start/reconcile.ts';
import { attemptDied } from './start/settle.ts';
import { start } from './start/start.ts';

/**
 * Moves a firing one step toward a final state and returns it as the ledger then holds it. Any number of
 * callers may advance the same firing at once: each write is conditional and the losers do nothing.
 * @param until when the caller must have its answer: a POST leaves with what is left of that time.
 */
export async function advance(firing: Firing, core: Core, until: Date): Promise<Firing> {
  const next = await step(firing, core, until);
  const kept = awaitsCancel(next) ? await cancel(next, core, until) : next;
  return core.conclude ? core.conclude(kept, core, until) : kept;
}

async function cancel(firing: Firing, core: Core, until: Date): Promise<Firing> {
  const { cancelMismatch } = await import('./follow/cancel-mismatch.ts');
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
