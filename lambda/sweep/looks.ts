import type { Firing } from '../firing/firing.ts';
import { isFollowed } from '../firing/states.ts';

/**
 * When the sweep polls again what it has polled without writing that time, by firing. It is remembered by the function
 * alone: one that has just begun polls once more. `checkAt` is the firing's next check as the ledger still has it: where
 * that has changed, so has the firing.
 */
export type Looks = Map<string, { readonly checkAt: string; readonly againAt: Date }>;

/** Remembers a poll of what is still followed. */
export function remember(from: Firing, to: Firing, looks: Looks): void {
  looks.delete(to.id);
  if (!isFollowed(to) || !from.nextCheckAt || !to.nextCheckAt) return;
  looks.set(to.id, { checkAt: from.nextCheckAt, againAt: new Date(to.nextCheckAt) });
}

/** When an open firing is to be checked next. Forgets what was remembered of its earlier state. */
export function nextCheck(
  { id, nextCheckAt }: { readonly id: string; readonly nextCheckAt: string },
  looks: Looks,
): Date {
  const look = looks.get(id);
  if (look?.checkAt === nextCheckAt) return look.againAt;
  looks.delete(id);
  return new Date(nextCheckAt);
}
