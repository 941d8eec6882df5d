import { isInDoubt } from '../firing/doubt.ts';
import type { Firing } from '../firing/firing.ts';
import type { Budget } from '../firing/policy.ts';
import { STATES } from '../firing/states.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import type { AdmissionRecord, BudgetSlot } from './admission-record.ts';
import { type Cost, corrected, refunded, spend } from './budget.ts';
import type { Decision } from './decide-on.ts';
import { holdersOf, isSettled } from './slots.ts';

interface BudgetRequest {
  readonly firing: Firing;
  readonly budget: Budget;
  /** Whose budget it is, for people. */
  readonly whose: string;
  readonly cost: Cost;
}

/** An admitted firing is counted until it is known that it has not run. */
export type BudgetAdmission =
  | { readonly kind: 'admitted'; readonly warning?: string | undefined }
  | { readonly kind: 'skipped'; readonly policy: 'budget'; readonly reason: string };

/** More slots than this are looked up, to keep the item small. */
const MOST_SLOTS = 25;

/** Counts the firing, or says that the budget is spent. A firing is counted once: a slot that it has is written again. */
export async function decideBudget(
  record: AdmissionRecord,
  { firing, budget, whose, cost }: BudgetRequest,
  context: LedgerContext,
): Promise<Decision<AdmissionRecord, BudgetAdmission>> {
  const kept = record.slots.find((slot) => slot.firing === firing.id);
  if (kept) return { next: record, result: { kind: 'admitted', warning: kept.warning } };
  const fits = spend(record.spent, budget, cost).kind === 'within';
  const standing =
    fits && record.slots.length < MOST_SLOTS ? record : await withoutSettled(record, context);
  const counted = spend(standing.spent, budget, cost);
  if (counted.kind === 'over') {
    const reason = `The budget ${whose} is spent: ${counted.reason}`;
    return { result: { kind: 'skipped', policy: 'budget', reason } };
  }
  const warning = counted.warning && `The budget ${whose}: ${counted.warning}`;
  const slot = { firing: firing.id, cost, ...(warning && { warning }) };
  const slots = [...standing.slots, slot];
  return {
    next: { ...standing, slots, spent: counted.spent },
    result: { kind: 'admitted', warning },
  };
}

/** Slots matter only when one of them could give its share back. */
async function withoutSettled(record: AdmissionRecord, { ledger, now }: LedgerContext) {
  const holders = await holdersOf(record.slots, ledger);
  return holders.reduce(
    (rest, { slot, firing }) =>
      !firing || isSettled(firing, now()) ? withoutSlot(rest, slot, firing) : rest,
    record,
  );
}

/** The record when a slot is over. What has run is counted, and what has certainly not run is given back. */
export function withoutSlot(
  record: AdmissionRecord,
  slot: BudgetSlot,
  firing: Firing | undefined,
): AdmissionRecord {
  const slots = record.slots.filter((each) => each.firing !== slot.firing);
  return { ...record, slots, spent: spentAfter(record, slot, firing) };
}

function spentAfter({ spent }: AdmissionRecord, { cost }: BudgetSlot, firing: Firing | undefined) {
  if (!cost || !firing) return spent;
  if (STATES[firing.state].hasNotRun && !isInDoubt(firing)) return refunded(spent, cost);
  const scenarios = firing.execution?.totalScenarios;
  return scenarios === undefined ? spent : corrected(spent, cost, scenarios);
}
