import type { ListedExecution } from '../api/future-agi.ts';
import type { Overlap } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import type { Firing } from '../firing/firing.ts';
import { isFinal } from '../firing/transition.ts';
import type { AdmissionRecord, Slot } from './admission-record.ts';
import { corrected, refunded } from './budget.ts';
import { isPending, isRunning } from './overlap.ts';

/** A gate without the slots that are over, and the firings of those that are not. */
export interface Standing {
  readonly gate: AdmissionRecord;
  readonly rivals: readonly Firing[];
}

/**
 * Looks every slot up, so that one whose function died before it gave its place back blocks nothing: what is over
 * by the ledger, or by the server's list where that has the execution, is dropped.
 */
export async function withoutOver(
  gate: AdmissionRecord,
  overlap: Overlap,
  executions: readonly ListedExecution[] | undefined,
  { ledger, now }: Pick<Core, 'ledger' | 'now'>,
): Promise<Standing> {
  const found = await Promise.all(
    gate.slots.map(async (slot) => ({ slot, firing: await ledger.read(slot.firing) })),
  );
  const over = found.filter(({ firing }) => !firing || isOver(firing, overlap, now(), executions));
  return {
    gate: over.reduce((rest, { slot, firing }) => without(rest, slot, firing), gate),
    rivals: found.flatMap((each) => (over.includes(each) ? [] : (each.firing ?? []))),
  };
}

/**
 * Whether a firing has no more use for its place. Where starts may overlap, that is as soon as it is known whether
 * it has started. An execution that nobody follows is over when the list says so, or does not have it (any more).
 */
export function isOver(
  firing: Firing,
  overlap: Overlap,
  now: Date,
  executions: readonly ListedExecution[] = [],
): boolean {
  if (overlap === 'allow') return !isPending(firing);
  const listed = executions.find(({ id }) => id === firing.executionId);
  const running = firing.state === 'started' && listed ? isRunning(listed) : undefined;
  if (running !== undefined) return !running;
  return isFinal(firing) && !(firing.state === 'started' && isYoung(firing, now));
}

/** Whether nobody has written the firing since it was read. */
export async function isCurrent(
  { id, revision }: Firing,
  { ledger }: Pick<Core, 'ledger'>,
): Promise<boolean> {
  return (await ledger.read(id))?.revision === revision;
}

/** An execution may have begun after the list was read, and take a moment to appear in it. */
const APPEARS_WITHIN_MS = 60_000;

function isYoung({ attempts, recordedAt }: Firing, now: Date): boolean {
  const settledAt = new Date(attempts.at(-1)?.settledAt ?? recordedAt);
  return now.getTime() - settledAt.getTime() < APPEARS_WITHIN_MS;
}

/** Certainly not run, so that nothing is spent. An `unresolved` firing may have run: it stays counted. */
const NOT_RUN = new Set<Firing['state']>(['rejected', 'expired', 'skipped']);

/** The gate when a slot is over. What it has bought is counted, and what it has not is given back. */
export function without(
  gate: AdmissionRecord,
  slot: Slot,
  firing: Firing | undefined,
): AdmissionRecord {
  const slots = gate.slots.filter(({ firing: id }) => id !== slot.firing);
  return { ...gate, slots, spent: spentAfter(gate, slot, firing) };
}

function spentAfter(
  { spent }: AdmissionRecord,
  { cost }: Slot,
  firing: Firing | undefined,
): AdmissionRecord['spent'] {
  if (!cost || !firing) return spent;
  if (NOT_RUN.has(firing.state)) return refunded(spent, cost);
  const bought = firing.execution?.totalScenarios;
  return bought === undefined ? spent : corrected(spent, cost, bought);
}
