import type { ListedExecution } from '../api/future-agi.ts';
import type { Firing, StartedFiring } from '../firing/firing.ts';
import type { Budget, Overlap } from '../firing/policy.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import {
  type AdmissionRecord,
  admissionId,
  type Decision,
  decideAt,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from './admission-record.ts';
import { type Cost, dateIn, spend } from './budget.ts';
import { decideOverlap, type OverlapDecision, runningExecutions } from './overlap.ts';
import { standingPause } from './pause.ts';
import { isCurrent, type Standing, withoutOver } from './slots.ts';

/** A firing that wants to start. */
export interface Candidate {
  readonly firing: Firing;
  /** How many scenarios it runs; absent when that is not known before the start. */
  readonly scenarios?: number | undefined;
  /** The run test's newest executions; absent when they cannot be read: then the ledger alone decides. */
  readonly executions?: readonly ListedExecution[] | undefined;
}

/** What admission depends on besides the firing. */
export interface AdmissionContext extends LedgerContext {
  /** In which the days and months of budgets begin. */
  readonly timezone: string;
  /** Of all triggers together. */
  readonly budget?: Budget;
}

/** What is decided of a candidate; `outdated`: somebody else has advanced the firing meanwhile. */
export type Admission = AdmissionDecision | { readonly kind: 'outdated' };

/** What the policies decide. */
export type AdmissionDecision =
  | { readonly kind: 'admitted'; readonly warnings: readonly string[] }
  | {
      readonly kind: 'skipped';
      readonly policy: 'pause' | 'overlap' | 'budget';
      readonly reason: string;
    }
  | {
      readonly kind: 'waiting';
      readonly reason: string;
      /** Whether it began to wait just now. */
      readonly isNew: boolean;
      /** The firing whose execution this caller, and no other, has to cancel. */
      readonly toCancel?: StartedFiring;
    };

/** The records that decide on a firing: its trigger's own, and the one of all triggers. */
export interface AdmissionRecords {
  readonly own: AdmissionRecord;
  readonly shared: AdmissionRecord;
}

/** Strongly consistent reads. */
export async function readAdmissionRecords(
  { trigger }: Firing,
  { ledger }: Pick<AdmissionContext, 'ledger'>,
): Promise<AdmissionRecords> {
  const [own, shared] = await Promise.all([
    readAdmissionRecord(admissionId(trigger), ledger),
    readAdmissionRecord(SHARED_ADMISSION, ledger),
  ]);
  return { own, shared };
}

/** The pause that keeps the firing from starting now, in a sentence. */
export function pausedBy(
  { own, shared }: AdmissionRecords,
  firing: Firing,
  now: Date,
): string | undefined {
  return standingPause(shared, firing, now) ?? standingPause(own, firing, now);
}

/**
 * Admits a candidate, or not. A firing that holds a slot already, since its function died or its start was put off, is
 * admitted uncounted. Overlap, budget and slot are decided in one write per record, so of any number of candidates no
 * more are admitted than may start. Undefined when too many were decided on at once.
 */
export async function admit(
  candidate: Candidate,
  records: AdmissionRecords,
  context: AdmissionContext,
): Promise<Admission | undefined> {
  const { own, shared } = requestsOf(candidate, context);
  const admitToOwn = () => admitTo(records.own, own, context);
  if (!context.budget) return admitToOwn();
  // The shared budget is asked only for what the trigger's own record would admit.
  const { result } = await decide(records.own, own, context);
  if (result.kind !== 'admitted') {
    const now = await admitToOwn();
    // What it had to wait for may be over by now: then the shared budget is still to be asked.
    if (now?.kind !== 'admitted') return now;
  }
  const first = await admitTo(records.shared, shared, context);
  if (first?.kind !== 'admitted') return first;
  // What is not admitted here gives its share back when it is over, like every firing that has not run.
  const admission = await admitToOwn();
  return admission?.kind === 'admitted'
    ? { kind: 'admitted', warnings: [...admission.warnings, ...first.warnings] }
    : admission;
}

/** What `admit` would decide at this moment. Nothing is counted or written. */
export async function previewAdmission(
  candidate: Candidate,
  records: AdmissionRecords,
  context: AdmissionContext,
): Promise<AdmissionDecision> {
  const { own, shared } = requestsOf(candidate, context);
  const paused = pausedBy(records, candidate.firing, context.now());
  if (paused !== undefined) return skipped('pause', paused).result;
  const { result } = await decide(records.own, own, context);
  if (result.kind !== 'admitted' || !context.budget) return result;
  return (await decide(records.shared, shared, context)).result;
}

/** What one record decides on. */
interface AdmissionRequest extends Omit<Candidate, 'scenarios'> {
  readonly overlap: Overlap;
  readonly budget: Budget | undefined;
  /** Whose budget it is, for people. */
  readonly whose: string;
  readonly cost: Cost;
}

/** Every run has a scenario; how many it had is corrected when it is over. */
function requestsOf(
  { firing, executions, scenarios = 1 }: Candidate,
  { timezone, now, budget }: AdmissionContext,
): Record<'own' | 'shared', AdmissionRequest> {
  const { policy, trigger } = firing;
  const common = { firing, executions, cost: { date: dateIn(timezone, now()), scenarios } };
  const { overlap } = policy;
  return {
    own: { ...common, overlap, budget: policy.budget, whose: `of ${trigger}` },
    shared: { ...common, overlap: 'allow', budget, whose: 'of all triggers' },
  };
}

function admitTo(read: AdmissionRecord, request: AdmissionRequest, context: LedgerContext) {
  const decideCurrent = async (record: AdmissionRecord): Promise<Decision<Admission>> => {
    const decision = await decide(record, request, context);
    const takesSlot = decision.result.kind === 'admitted' && decision.next !== undefined;
    // Read after the record: it tells if another function has taken the slot and given it back.
    const isOutdated = takesSlot && !(await isCurrent(request.firing, context.ledger));
    return isOutdated ? { result: { kind: 'outdated' } } : decision;
  };
  return decideAt(read.id, decideCurrent, context.ledger, read);
}

async function decide(
  record: AdmissionRecord,
  request: AdmissionRequest,
  context: LedgerContext,
): Promise<Decision<AdmissionDecision>> {
  const { firing, overlap, budget } = request;
  const paused = standingPause(record, firing, context.now());
  if (paused !== undefined) return skipped('pause', paused);
  const slot = record.slots.find((each) => each.firing === firing.id);
  if (slot) return { result: admitted(slot.warning) };
  if (overlap === 'allow' && !budget) return { result: admitted() };
  const standing = await standingOf(record, request, context);
  const decision = await overlapDecision(standing, request, context);
  switch (decision.kind) {
    case 'free':
      return take(standing.record, request);
    case 'skip':
      return skipped('overlap', decision.reason);
    case 'wait':
      return waiting(standing.record, firing, decision.reason);
    case 'cancel':
      return waiting(standing.record, firing, decision.reason, decision.rival);
  }
}

/** More slots than this are looked up even where starts may overlap, to keep the item small. */
const MOST_SLOTS = 25;

/** Where starts may overlap, slots matter only when one of them could give its share of the budget back. */
async function standingOf(
  record: AdmissionRecord,
  { overlap, executions, budget, cost }: AdmissionRequest,
  context: LedgerContext,
): Promise<Standing> {
  const fits = () => !budget || spend(record.spent, budget, cost).kind !== 'over';
  return overlap === 'allow' && record.slots.length < MOST_SLOTS && fits()
    ? { record, rivals: [] }
    : withoutOver(record, overlap, executions, context);
}

async function overlapDecision(
  { record, rivals }: Standing,
  { firing, overlap, executions = [] }: AdmissionRequest,
  { ledger, now }: LedgerContext,
): Promise<OverlapDecision> {
  if (overlap === 'allow') return { kind: 'free' };
  const own = new Set(rivals.map(({ execution }) => execution?.id));
  const other = record.waiting?.firing === firing.id ? undefined : record.waiting?.firing;
  const found = other === undefined ? undefined : await ledger.read(other);
  return decideOverlap(firing, {
    rivals,
    strangers: runningExecutions(executions, now()).filter(({ id }) => !own.has(id)),
    waiting: found?.state === 'due' ? found : undefined,
    cancelled: record.slots.flatMap((slot) => (slot.cancelledFor ? slot.firing : [])),
  });
}

/** The slot, with its share of the budget. */
function take(
  record: AdmissionRecord,
  { firing, budget, whose, cost }: AdmissionRequest,
): Decision<AdmissionDecision> {
  const { waiting, ...rest } = record;
  const counted = budget && spend(record.spent, budget, cost);
  if (counted?.kind === 'over') {
    return skipped('budget', `The budget ${whose} is spent: ${counted.reason}`);
  }
  const warning = counted?.warning && `The budget ${whose}: ${counted.warning}`;
  const slot = { firing: firing.id, ...(counted && { cost }), ...(warning && { warning }) };
  const slots = [...record.slots, slot];
  const next = { ...rest, slots, ...(counted && { spent: counted.spent }) };
  return { next, result: admitted(warning) };
}

function waiting(
  record: AdmissionRecord,
  { id, recordedAt }: Firing,
  reason: string,
  toCancel?: StartedFiring,
): Decision<AdmissionDecision> {
  const isNew = record.waiting?.firing !== id;
  const result = { kind: 'waiting', reason, isNew, ...(toCancel && { toCancel }) } as const;
  if (!isNew && !toCancel) return { result };
  const slots = record.slots.map((slot) =>
    slot.firing === toCancel?.id ? { ...slot, cancelledFor: id } : slot,
  );
  return { next: { ...record, slots, waiting: { firing: id, recordedAt } }, result };
}

function admitted(warning?: string): AdmissionDecision {
  return { kind: 'admitted', warnings: warning === undefined ? [] : [warning] };
}

type Skipped = Extract<AdmissionDecision, { kind: 'skipped' }>;

function skipped(policy: Skipped['policy'], reason: string): Decision<AdmissionDecision> {
  return { result: { kind: 'skipped', policy, reason } };
}
