import { isInDoubt } from './firing/doubt.ts';
import type { DueFiring, Firing } from './firing/firing.ts';
import { awaitsCancel, isPending, type PendingFiring } from './firing/states.ts';
import { lookBeforeSending, reconcile } from './start/reconcile.ts';
import { settleDead } from './start/settle.ts';
import { type StartContext, start } from './start/start.ts';

/**
 * Moves a firing one step toward a final state and returns it as the ledger then holds it. Any number of
 * callers may advance the same firing at once: each write is conditional and the losers do nothing.
 * @param until when the caller must have its answer: a POST leaves with what is left of that time.
 */
export async function advance(firing: Firing, context: StartContext, until: Date): Promise<Firing> {
  const next = isPending(firing) ? await step(firing, context, until) : firing;
  if (!awaitsCancel(next)) return next;
  const { cancelMismatch } = await import('./follow/cancel-mismatch.ts');
  return cancelMismatch(next, context, until);
}

function step(firing: PendingFiring, context: StartContext, until: Date): Promise<Firing> {
  switch (firing.state) {
    case 'due':
      return lookAndStart(firing, context, until);
    case 'sending':
      return settleDead(firing, context);
    case 'unknown':
      return reconcile(firing, context, until);
  }
}

/** Before every further POST, the earlier attempts in doubt are looked for. */
async function lookAndStart(firing: DueFiring, context: StartContext, until: Date) {
  const settled = isInDoubt(firing) && (await lookBeforeSending(firing, context, until));
  return settled || start(firing, context, until);
}
