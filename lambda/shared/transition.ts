import type { Core } from './core.ts';
import type { Firing } from './firing.ts';
import type { ServiceEventKind } from './service-event.ts';

/** A firing before the ledger gives it a revision. */
export type Unwritten = Omit<Firing, 'revision'>;

/** States that wait for a further step; `started` only while an execution is to be cancelled. */
export type OpenState = 'due' | 'sending' | 'unknown' | 'started';
/** States in which nothing happens any more unless a person acts. */
export type FinalState = Exclude<Firing['state'], 'due' | 'sending' | 'unknown'>;

type Changes = Partial<Omit<Unwritten, 'untold'>>;

/** The firing in a state that the sweep looks at from `nextLook` on. An open firing never expires. */
export function toOpen(
  firing: Firing,
  state: OpenState,
  nextLook: Date,
  changes: Changes = {},
  news: readonly ServiceEventKind[] = [],
): Unwritten {
  const { expiresAt, leaseUntil, reason, untold, ...kept } = firing;
  const next = { ...kept, ...changes, ...untoldWith(firing, news), state };
  return { ...next, open: 'open', nextLook: nextLook.toISOString() };
}

/** The firing in a final state, out of the sweep's sight, kept for `retentionDays`. */
export function toFinal(
  firing: Firing,
  state: FinalState,
  changes: Changes,
  { now, retentionDays }: Pick<Core, 'now' | 'retentionDays'>,
  news: readonly ServiceEventKind[] = [],
): Unwritten {
  const { open, nextLook, leaseUntil, reason, untold, ...kept } = firing;
  const expiresAt = Math.ceil(now().getTime() / 1000) + retentionDays * 86_400;
  return { ...kept, ...changes, ...untoldWith(firing, news), state, expiresAt };
}

/** Whether nothing happens any more unless a person acts. */
export function isFinal({ state, open }: Firing): boolean {
  if (state === 'due' || state === 'sending' || state === 'unknown') return false;
  return state !== 'started' || open === undefined;
}

function untoldWith({ untold = [] }: Firing, news: readonly ServiceEventKind[]) {
  const all = [...new Set([...untold, ...news])];
  return all.length > 0 ? { untold: all } : {};
}
