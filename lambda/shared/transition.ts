import type { Core } from './core.ts';
import type { Firing } from './firing.ts';

/** A firing before the ledger gives it a revision. */
export type Unwritten = Omit<Firing, 'revision'>;

/** States that wait for a further step; `started` only while an execution is to be cancelled. */
export type OpenState = 'due' | 'sending' | 'unknown' | 'started';
/** States in which nothing happens any more unless a person acts. */
export type FinalState = Exclude<Firing['state'], 'due' | 'sending' | 'unknown'>;

/** The firing in a state that the sweep looks at from `nextLook` on. An open firing never expires. */
export function toOpen(
  firing: Firing,
  state: OpenState,
  nextLook: Date,
  changes: Partial<Unwritten> = {},
): Unwritten {
  const { expiresAt, leaseUntil, reason, ...kept } = firing;
  return { ...kept, ...changes, state, open: 'open', nextLook: nextLook.toISOString() };
}

/** The firing in a final state, out of the sweep's sight, kept for `retentionDays`. */
export function toFinal(
  firing: Firing,
  state: FinalState,
  changes: Partial<Unwritten>,
  { now, retentionDays }: Pick<Core, 'now' | 'retentionDays'>,
): Unwritten {
  const { open, nextLook, leaseUntil, reason, ...kept } = firing;
  const expiresAt = Math.ceil(now().getTime() / 1000) + retentionDays * 86_400;
  return { ...kept, ...changes, state, expiresAt };
}
