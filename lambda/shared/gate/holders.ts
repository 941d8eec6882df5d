import type { ListedExecution } from '../api/future-agi.ts';
import type { Core } from '../core.ts';
import type { Overlap } from '../deployed-config.ts';
import type { Firing } from '../firing.ts';
import { isFinal } from '../transition.ts';
import { corrected, refunded } from './budget.ts';
import type { Gate, Holder } from './gate.ts';
import { isPending, isRunning } from './overlap.ts';

/** A gate without the holders that are over, and the firings of those that are not. */
export interface Standing {
  readonly gate: Gate;
  readonly rivals: readonly Firing[];
}

/**
 * Looks every holder up, so that one whose function died before it gave its place back blocks nothing: what is over
 * by the ledger, or by the server's list where that has the execution, is dropped.
 */
export async function withoutOver(
  gate: Gate,
  overlap: Overlap,
  executions: readonly ListedExecution[] | undefined,
  { ledger, now }: Pick<Core, 'ledger' | 'now'>,
): Promise<Standing> {
  const found = await Promise.all(
    gate.holders.map(async (holder) => ({ holder, firing: await ledger.read(holder.firing) })),
  );
  const over = found.filter(({ firing }) => !firing || isOver(firing, overlap, now(), executions));
  return {
    gate: over.reduce((rest, { holder, firing }) => without(rest, holder, firing), gate),
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

/** The gate when a holder is over. What it has bought is counted, and what it has not is given back. */
export function without(gate: Gate, holder: Holder, firing: Firing | undefined): Gate {
  const holders = gate.holders.filter(({ firing: id }) => id !== holder.firing);
  return { ...gate, holders, spent: spentAfter(gate, holder, firing) };
}

function spentAfter({ spent }: Gate, { cost }: Holder, firing: Firing | undefined): Gate['spent'] {
  if (!cost || !firing) return spent;
  if (NOT_RUN.has(firing.state)) return refunded(spent, cost);
  const bought = firing.execution?.totalScenarios;
  return bought === undefined ? spent : corrected(spent, cost, bought);
}
