import type { ListedExecution } from '../api/future-agi.ts';
import type { Firing } from '../firing/firing.ts';
import { isFinal, isPending, STATES } from '../firing/states.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { addMs } from '../runtime/time.ts';
import { isRunning, MOST_BLOCKING_MS } from './overlap.ts';

/**
 * Each slot with its firing: undefined when the ledger has deleted it. Strongly consistent reads, so that a slot whose
 * function died before it gave it back blocks nothing.
 */
export function holdersOf<S extends { readonly firing: string }>(
  slots: readonly S[],
  ledger: Pick<Ledger, 'read'>,
) {
  return Promise.all(slots.map(async (slot) => ({ slot, firing: await ledger.read(slot.firing) })));
}

/**
 * Whether a firing needs its slot of the run test no longer. While it is sent or followed, it needs it. An execution
 * that nobody follows is over when the list says so, or does not have it (any more); a list that cannot be read says
 * nothing.
 * @param executions the run test's newest; absent when they cannot be read.
 * @param listedAt when they were asked for: a function that was frozen since has an old list.
 */
export function isOver(
  firing: Firing,
  now: Date,
  executions?: readonly ListedExecution[],
  listedAt = now,
): boolean {
  const { holdsSlot } = STATES[firing.state];
  if (holdsSlot === 'never' || isGivenUp(firing, now)) return true;
  if (holdsSlot === 'always') return false;
  const listed = executions?.find(({ id }) => id === firing.execution?.id);
  if (listed) return isRunning(listed) === false;
  return executions !== undefined && isFinal(firing) && !isYoung(firing, listedAt);
}

/**
 * Whether a budget needs to remember a firing no longer, because it is known whether it started. An `unresolved` one
 * may be proven not to have, as long as it holds its slot.
 */
export function isSettled(firing: Firing, now: Date): boolean {
  return !isPending(firing) && (firing.state !== 'unresolved' || isGivenUp(firing, now));
}

/** Whether a firing is as it was read. */
export async function isCurrent({ id, revision }: Firing, ledger: Pick<Ledger, 'read'>) {
  return (await ledger.read(id))?.revision === revision;
}

/** What nobody follows any more blocks others for a bounded time, however it may stand at the server. */
function isGivenUp(firing: Firing, now: Date): boolean {
  const { sentAt, recordedAt } = firing;
  return isFinal(firing) && now >= addMs(new Date(sentAt ?? recordedAt), MOST_BLOCKING_MS);
}

/** An execution may have begun after the list was read, and take a moment to appear in it. */
const APPEARS_WITHIN_MS = 60_000;

function isYoung({ attempts, recordedAt }: Firing, listedAt: Date): boolean {
  const settledAt = new Date(attempts.at(-1)?.settledAt ?? recordedAt);
  return listedAt < addMs(settledAt, APPEARS_WITHIN_MS);
}
