import type { Firing, SkippedBy } from '../firing/firing.ts';
import type { Budget } from '../firing/policy.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import {
  ADMISSION,
  type AdmissionRecord,
  type AdmissionRecords,
  admissionId,
  SHARED_ADMISSION,
} from './admission-record.ts';
import { dateIn } from './budget.ts';
import { type BudgetAdmission, decideBudget } from './budget-slot.ts';
import { type Decision, decideOn, readRecords } from './decide-on.ts';
import { decideSlot, type OverlapAdmission, type OverlapRequest } from './overlap-slot.ts';
import { type StandingPause, standingPause } from './pause.ts';
import { RUN_TEST, type RunTestRecord, runTestRecordId } from './run-test-record.ts';
import { isCurrent } from './slots.ts';

/** A `due` firing, after its request is known and before its lease is taken. */
export interface Candidate extends OverlapRequest {
  readonly runTestId: string;
  /** How many scenarios it runs; absent when that is not known before the start. */
  readonly scenarios?: number | undefined;
}

/** What the policies decide on. */
export interface PolicyRecords extends AdmissionRecords {
  /** Where starts may not overlap, once it is known which run test it is. */
  readonly runTest?: RunTestRecord;
}

/** For policies of one trigger and of all. */
export interface AdmissionContext extends LedgerContext {
  /** In which the days and months of budgets begin. */
  readonly timezone: string;
  /** Of all triggers together. */
  readonly budget?: Budget;
}

/** What is decided of a candidate; `outdated`: somebody else has advanced the firing meanwhile. */
export type Admission = AdmissionDecision | { readonly kind: 'outdated' };

/** A firing that is not admitted has sent nothing. */
export type AdmissionDecision =
  | { readonly kind: 'admitted'; readonly warnings: readonly string[] }
  | { readonly kind: 'skipped'; readonly policy: SkippedBy; readonly reason: string }
  | Extract<OverlapAdmission, { kind: 'waiting' }>;

/** The records that a firing's policies decide on, as they stand: one strongly consistent read. */
export async function readPolicyRecords(
  { trigger, runTestId, policy }: Firing,
  { ledger }: LedgerContext,
): Promise<PolicyRecords> {
  const id = admissionId(trigger);
  const isSlotNeeded = policy.overlap !== 'allow' && runTestId !== undefined;
  const runTest = isSlotNeeded ? [runTestRecordId(runTestId)] : [];
  const record = await readRecords([id, SHARED_ADMISSION, ...runTest], ledger);
  return {
    own: record(id, ADMISSION),
    shared: record(SHARED_ADMISSION, ADMISSION),
    ...(isSlotNeeded && { runTest: record(runTestRecordId(runTestId), RUN_TEST) }),
  };
}

/**
 * Whether a firing that needs a slot is as it was read. Asked once its records are read, it tells if another function
 * has taken the slot and given it back.
 */
export async function mayTakeSlots(
  firing: Firing,
  { ledger, budget }: AdmissionContext,
): Promise<boolean> {
  const { overlap, budget: own } = firing.policy;
  return (overlap === 'allow' && !own && !budget) || isCurrent(firing, ledger);
}

/** The pause that keeps the firing from starting now. */
export function pausedBy(
  { own, shared }: AdmissionRecords,
  firing: Firing,
  now: Date,
): StandingPause | undefined {
  return standingPause(shared, firing, now) ?? standingPause(own, firing, now);
}

/**
 * Admits a candidate that may take slots, or not. It needs a slot in each record that its policies use: its run test's,
 * its trigger's budget and the budget of all triggers. Each is given in one conditional write, so of any number of
 * candidates no more are admitted than may start. A slot that it has already, since its function died or its start was
 * put off, is written again, uncounted: a function that gives it back at this moment finds that. What is not admitted in
 * the end gives its slots back when it is over, like every firing that has not run. Undefined when too many were decided
 * on at once.
 */
export async function admit(
  candidate: Candidate,
  records: PolicyRecords,
  context: AdmissionContext,
): Promise<Admission | undefined> {
  // No execution is cancelled, and no slot of the run test taken, for a firing that has no budget.
  const budgets = await previewBudgets(candidate, records, context);
  if (budgets.kind === 'skipped') return budgets;
  const { firing, runTestId } = candidate;
  const { ledger } = context;
  if (firing.policy.overlap !== 'allow') {
    const { runTest } = records;
    const decide = unlessOutdated(firing, runTest, context, (record: RunTestRecord) =>
      decideSlot(record, candidate, context),
    );
    const slot = await decideOn(runTestRecordId(runTestId), RUN_TEST, decide, ledger, runTest);
    if (slot?.kind !== 'admitted') return slot;
  }
  const warnings: string[] = [];
  for (const { record, request } of budgetsOf(candidate, records, context)) {
    const decide = unlessOutdated(firing, record, context, (standing: AdmissionRecord) =>
      decideBudget(standing, request, context),
    );
    const slot = await decideOn(record.id, ADMISSION, decide, ledger, record);
    if (slot?.kind !== 'admitted') return slot;
    if (slot.warning !== undefined) warnings.push(slot.warning);
  }
  return { kind: 'admitted', warnings };
}

/** What `admit` would decide at this moment. Nothing is counted or written. */
export async function previewAdmission(
  candidate: Candidate,
  records: PolicyRecords,
  context: AdmissionContext,
): Promise<AdmissionDecision> {
  const paused = pausedBy(records, candidate.firing, context.now());
  if (paused !== undefined) return { kind: 'skipped', ...paused };
  const budgets = await previewBudgets(candidate, records, context);
  if (budgets.kind === 'skipped' || !records.runTest) return budgets;
  const { result } = await decideSlot(records.runTest, candidate, context);
  return result.kind === 'admitted' ? budgets : result;
}

async function previewBudgets(
  candidate: Candidate,
  records: AdmissionRecords,
  context: AdmissionContext,
): Promise<Extract<AdmissionDecision, { kind: 'admitted' | 'skipped' }>> {
  const warnings: string[] = [];
  for (const { record, request } of budgetsOf(candidate, records, context)) {
    const { result } = await decideBudget(record, request, context);
    if (result.kind === 'skipped') return result;
    if (result.warning !== undefined) warnings.push(result.warning);
  }
  return { kind: 'admitted', warnings };
}

/** The budgets that a candidate is counted in. Every run has a scenario; how many it had is corrected when it is over. */
function budgetsOf(
  { firing, scenarios = 1 }: Candidate,
  { own, shared }: AdmissionRecords,
  { timezone, now, budget: sharedBudget }: AdmissionContext,
) {
  const { trigger, policy } = firing;
  return [
    { record: own, budget: policy.budget, whose: `of ${trigger}` },
    { record: shared, budget: sharedBudget, whose: 'of all triggers' },
  ].flatMap(({ record, budget, whose }) => {
    if (!budget) return [];
    // The first date of a process takes 10 ms.
    const cost = { date: dateIn(timezone, now()), scenarios };
    return { record, request: { firing, budget, whose, cost } };
  });
}

/**
 * A decision that is written only as long as the firing is as it was read.
 * @param checked the record that was read before `mayTakeSlots`.
 */
function unlessOutdated<R, T extends OverlapAdmission | BudgetAdmission>(
  firing: Firing,
  checked: R | undefined,
  { ledger }: LedgerContext,
  decide: (record: R) => Promise<Decision<R, T>>,
) {
  return async (record: R): Promise<Decision<R, T | { kind: 'outdated' }>> => {
    const decision = await decide(record);
    const isKnown = decision.next === undefined || record === checked;
    return isKnown || (await isCurrent(firing, ledger))
      ? decision
      : { result: { kind: 'outdated' } };
  };
}
