import type { ListedExecution } from '../api/future-agi.ts';
import type { Firing } from '../firing/firing.ts';
import type { Overlap } from '../firing/policy.ts';
import { isFinal, STATES } from '../firing/states.ts';
import type { Ledger, LedgerContext } from '../ledger/ledger.ts';
import { addMs } from '../runtime/time.ts';
import type { AdmissionRecord, Slot } from './admission-record.ts';
import { corrected, refunded } from './budget.ts';
import { isRunning } from './overlap.ts';

/** A record without the slots that are over, and the firings of those that are not. */
export interface Standing {
  readonly record: AdmissionRecord;
  readonly rivals: readonly Firing[];
}

/**
 * Looks every slot up, so that one whose function died before it gave it back blocks nothing: what is over
 * by the ledger, or by the server's list where that has the execution, is dropped.
 */
export async function withoutOver(
  record: AdmissionRecord,
  overlap: Overlap,
  executions: readonly ListedExecution[] | undefined,
  { ledger, now }: LedgerContext,
): Promise<Standing> {
  const found = await Promise.all(
    record.slots.map(async (slot) => ({ slot, firing: await ledger.read(slot.firing) })),
  );
  const over = found.filter(({ firing }) => !firing || isOver(firing, overlap, now(), executions));
  return {
    record: over.reduce((rest, { slot, firing }) => without(rest, slot, firing), record),
    rivals: found.flatMap((each) => (over.includes(each) ? [] : (each.firing ?? []))),
  };
}

/**
 * Whether a firing needs its slot no longer. Where starts may overlap, that is as soon as it is known whether it has
 * started. An execution that nobody follows is over when the list says so, or does not have it (any more).
 */
export function isOver(
  firing: Firing,
  overlap: Overlap,
  now: Date,
  executions: readonly ListedExecution[] = [],
): boolean {
  const { holdsSlot } = STATES[firing.state];
  if (holdsSlot !== 'running') return holdsSlot === 'never';
  if (overlap === 'allow') return true;
  const listed = executions.find(({ id }) => id === firing.execution?.id);
  const running = listed && isRunning(listed);
  if (running !== undefined) return !running;
  return isFinal(firing) && !isYoung(firing, now);
}

/** Whether the firing is as it was read. */
export async function isCurrent(
  { id, revision }: Firing,
  ledger: Pick<Ledger, 'read'>,
): Promise<boolean> {
  return (await ledger.read(id))?.revision === revision;
}

/** An execution may have begun after the list was read, and take a moment to appear in it. */
const APPEARS_WITHIN_MS = 60_000;

function isYoung({ attempts, recordedAt }: Firing, now: Date): boolean {
  const settledAt = new Date(attempts.at(-1)?.settledAt ?? recordedAt);
  return now < addMs(settledAt, APPEARS_WITHIN_MS);
}

/** The record when a slot is over. What has run is counted, and what has certainly not run is given back. */
export function without(
  record: AdmissionRecord,
  slot: Slot,
  firing: Firing | undefined,
): AdmissionRecord {
  const slots = record.slots.filter(({ firing: id }) => id !== slot.firing);
  return { ...record, slots, spent: spentAfter(record, slot, firing) };
}

function spentAfter(
  { spent }: AdmissionRecord,
  { cost }: Slot,
  firing: Firing | undefined,
): AdmissionRecord['spent'] {
  if (!cost || !firing) return spent;
  if (STATES[firing.state].hasNotRun) return refunded(spent, cost);
  const scenarios = firing.execution?.totalScenarios;
  return scenarios === undefined ? spent : corrected(spent, cost, scenarios);
}
