import type { Core } from '../core.ts';
import { addMinutes, type Firing } from './firing.ts';
import type { ServiceEventKind } from './service-event.ts';

/** A firing before the ledger gives it a revision. */
export type Unwritten = Omit<Firing, 'revision'>;

/** States that wait for a further step; `started` while its execution is followed, or is to be cancelled. */
export type OpenState = 'due' | 'sending' | 'unknown' | 'started';
/** States in which nothing happens any more unless a person acts. */
export type FinalState = Exclude<Firing['state'], 'due' | 'sending' | 'unknown'>;

type Changes = Partial<Omit<Unwritten, 'outbox'>>;

/** The sweep of the next minute is the first to look at an execution: sooner, hardly any is over. */
const FIRST_LOOK_MINUTES = 0.75;

/** The firing in a state that the sweep looks at from `nextCheckAt` on. An open firing never expires. */
export function toOpen(
  firing: Firing,
  state: OpenState,
  nextCheckAt: Date,
  changes: Changes = {},
  news: readonly ServiceEventKind[] = [],
): Unwritten {
  const { expiresAt, leaseUntil, reason, outbox, ...kept } = firing;
  const next = { ...kept, ...readable(changes), ...outboxWith(firing, news), state };
  return { ...next, open: 'open', nextCheckAt: nextCheckAt.toISOString() };
}

/**
 * The firing in a final state. While there is news of it that nobody was told, it stays in the sweep's sight; after
 * that it is kept for `retentionDays`.
 */
export function toFinal(
  firing: Firing,
  state: FinalState,
  changes: Changes,
  core: Pick<Core, 'now' | 'retentionDays'>,
  news: readonly ServiceEventKind[],
): Unwritten {
  const { leaseUntil, reason, outbox, ...kept } = firing;
  const next = { ...kept, ...readable(changes), ...outboxWith(firing, news), state };
  return next.outbox
    ? { ...next, open: 'open', nextCheckAt: core.now().toISOString() }
    : closed(next, core);
}

/** The firing with an execution: followed to its end where the trigger wants that, else final. */
export function toStarted(
  firing: Firing,
  changes: Changes,
  core: Pick<Core, 'now' | 'retentionDays'>,
  news: readonly ServiceEventKind[],
): Unwritten {
  return firing.policy.follow
    ? toOpen(firing, 'started', addMinutes(core.now(), FIRST_LOOK_MINUTES), changes, news)
    : toFinal(firing, 'started', changes, core, news);
}

/** The firing when all news of it is told: a final one leaves the sweep's sight. */
export function toPublished(firing: Firing, core: Pick<Core, 'now' | 'retentionDays'>): Unwritten {
  const { outbox, ...told } = firing;
  return isFinal(firing) ? closed(told, core) : told;
}

/** Whether nothing happens any more unless a person acts. */
export function isFinal({ state, policy, mismatch, result }: Firing): boolean {
  if (state === 'due' || state === 'sending' || state === 'unknown') return false;
  const isToCancel = mismatch?.cancel === 'due' || mismatch?.cancel === 'sending';
  return state !== 'started' || (!isToCancel && (!policy.follow || result !== undefined));
}

function closed(firing: Unwritten, { now, retentionDays }: Pick<Core, 'now' | 'retentionDays'>) {
  const { open, nextCheckAt, ...kept } = firing;
  return { ...kept, expiresAt: Math.ceil(now().getTime() / 1000) + retentionDays * 86_400 };
}

/** An SMS has 1,600 characters, and a reason that lists what is wrong could be larger than any item or event. */
const REASON_LENGTH = 1_000;

function readable({ reason, ...changes }: Changes): Changes {
  if (reason === undefined) return changes;
  const isShort = reason.length <= REASON_LENGTH;
  return { ...changes, reason: isShort ? reason : `${reason.slice(0, REASON_LENGTH - 1)}…` };
}

function outboxWith({ outbox = [] }: Firing, news: readonly ServiceEventKind[]) {
  const all = [...new Set([...outbox, ...news])];
  return all.length > 0 ? { outbox: all } : {};
}
