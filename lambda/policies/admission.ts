import type { ListedExecution } from '../api/future-agi.ts';
import type { Budget, Overlap } from '../config/deployed-config.ts';
import type { Firing, StartedFiring } from '../firing/firing.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import {
  type AdmissionRecord,
  admissionId,
  type Decision,
  decideAt,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from './admission-record.ts';
import { dateIn, spend } from './budget.ts';
import { decideOverlap, isWaiting, type OverlapDecision, runningExecutions } from './overlap.ts';
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
  const { firing } = candidate;
  const own = ownRules(firing);
  const admitToOwn = () => admitTo(records.own, own, candidate, context);
  if (!context.budget) return admitToOwn();
  // The shared budget is asked only for what the trigger's own record would admit.
  const { result } = await decide(records.own, own, candidate, context);
  if (result.kind !== 'admitted') return admitToOwn();
  const shared = await admitTo(records.shared, sharedRules(context), candidate, context);
  if (shared?.kind !== 'admitted') return shared;
  // What is not admitted here gives its share back when it is over, like every firing that has not run.
  const admission = await admitToOwn();
  return admission?.kind === 'admitted'
    ? { kind: 'admitted', warnings: [...admission.warnings, ...shared.warnings] }
    : admission;
}

/** What `admit` would decide at this moment. Nothing is counted or written. */
export async function previewAdmission(
  candidate: Candidate,
  records: AdmissionRecords,
  context: AdmissionContext,
): Promise<AdmissionDecision> {
  const { firing } = candidate;
  const paused = pausedBy(records, firing, context.now());
  if (paused !== undefined) return skipped('pause', paused).result;
  const { result } = await decide(records.own, ownRules(firing), candidate, context);
  if (result.kind !== 'admitted' || !context.budget) return result;
  return (await decide(records.shared, sharedRules(context), candidate, context)).result;
}

function ownRules({ policy, trigger }: Firing): Rules {
  return { ...policy, whose: `of ${trigger}` };
}

function sharedRules({ budget }: AdmissionContext): Rules {
  return { overlap: 'allow', budget, whose: 'of all triggers' };
}

interface Rules {
  readonly overlap: Overlap;
  readonly budget?: Budget | undefined;
  /** Whose budget it is, for people. */
  readonly whose: string;
}

function admitTo(
  read: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  context: AdmissionContext,
) {
  return decideAt(
    read.id,
    (record) => decideCurrent(record, rules, candidate, context),
    context.ledger,
    read,
  );
}

async function decideCurrent(
  record: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  context: AdmissionContext,
): Promise<Decision<Admission>> {
  const decision = await decide(record, rules, candidate, context);
  const takesSlot = decision.result.kind === 'admitted' && decision.next !== undefined;
  // Read after the record: it tells if another function has taken the slot and given it back.
  const isOutdated = takesSlot && !(await isCurrent(candidate.firing, context.ledger));
  return isOutdated ? { result: { kind: 'outdated' } } : decision;
}

async function decide(
  record: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  context: AdmissionContext,
): Promise<Decision<AdmissionDecision>> {
  const { firing } = candidate;
  const paused = standingPause(record, firing, context.now());
  if (paused !== undefined) return skipped('pause', paused);
  const slot = record.slots.find((each) => each.firing === firing.id);
  if (slot) return { result: admitted(slot.warning) };
  if (rules.overlap === 'allow' && !rules.budget) return { result: admitted() };
  const standing = await standingOf(record, rules, candidate, context);
  const overlap = await overlapDecision(standing, rules, candidate, context);
  switch (overlap.kind) {
    case 'free':
      return take(standing.record, rules, candidate, context);
    case 'skip':
      return skipped('overlap', overlap.reason);
    case 'wait':
      return waiting(standing.record, firing, overlap.reason);
    case 'cancel':
      return waiting(standing.record, firing, overlap.reason, overlap.rival);
  }
}

/** More slots than this are looked up even where starts may overlap, to keep the item small. */
const MOST_SLOTS = 25;

/** Where starts may overlap, slots matter only when one of them could give its share of the budget back. */
async function standingOf(
  record: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  context: AdmissionContext,
): Promise<Standing> {
  const isMoot =
    rules.overlap === 'allow' &&
    record.slots.length < MOST_SLOTS &&
    spending(record, rules, candidate, context)?.kind !== 'over';
  if (isMoot) return { record, rivals: [] };
  return withoutOver(record, rules.overlap, candidate.executions, context);
}

async function overlapDecision(
  { record, rivals }: Standing,
  { overlap }: Rules,
  { firing, executions = [] }: Candidate,
  context: AdmissionContext,
): Promise<OverlapDecision> {
  if (overlap === 'allow') return { kind: 'free' };
  const own = new Set(rivals.map(({ execution }) => execution?.id));
  return decideOverlap(firing, {
    rivals,
    strangers: runningExecutions(executions, context.now()).filter(({ id }) => !own.has(id)),
    waiting: await otherWaiting(record, firing, context),
    cancelled: record.slots.flatMap((slot) => (slot.cancelledFor ? slot.firing : [])),
  });
}

async function otherWaiting(record: AdmissionRecord, firing: Firing, { ledger }: AdmissionContext) {
  if (!record.waiting || isWaiting(record, firing)) return undefined;
  const waiting = await ledger.read(record.waiting.firing);
  return waiting?.state === 'due' ? waiting : undefined;
}

/** The slot, with its share of the budget. */
function take(
  record: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  context: AdmissionContext,
): Decision<AdmissionDecision> {
  const { waiting, ...rest } = record;
  const counted = spending(record, rules, candidate, context);
  if (counted?.kind === 'over') {
    return skipped('budget', `The budget ${rules.whose} is spent: ${counted.reason}`);
  }
  const warning = counted?.warning && `The budget ${rules.whose}: ${counted.warning}`;
  const slot = {
    firing: candidate.firing.id,
    ...(counted && { cost: costOf(candidate, context) }),
    ...(warning && { warning }),
  };
  const slots = [...record.slots, slot];
  const next = { ...rest, slots, ...(counted && { spent: counted.spent }) };
  return { next, result: admitted(warning) };
}

function spending(
  { spent }: AdmissionRecord,
  { budget }: Rules,
  candidate: Candidate,
  context: AdmissionContext,
) {
  return budget && spend(spent, budget, costOf(candidate, context));
}

/** Every run has a scenario; how many it had is put right when it is over. */
function costOf({ scenarios = 1 }: Candidate, { timezone, now }: AdmissionContext) {
  return { date: dateIn(timezone, now()), scenarios };
}

function waiting(
  record: AdmissionRecord,
  firing: Firing,
  reason: string,
  toCancel?: StartedFiring,
): Decision<AdmissionDecision> {
  const isNew = !isWaiting(record, firing);
  const result = { kind: 'waiting', reason, isNew, ...(toCancel && { toCancel }) } as const;
  if (!isNew && !toCancel) return { result };
  const slots = record.slots.map((slot) =>
    slot.firing === toCancel?.id ? { ...slot, cancelledFor: firing.id } : slot,
  );
  const { id, recordedAt } = firing;
  return { next: { ...record, slots, waiting: { firing: id, recordedAt } }, result };
}

function admitted(warning?: string): AdmissionDecision {
  return { kind: 'admitted', warnings: warning === undefined ? [] : [warning] };
}

function skipped(
  policy: 'pause' | 'overlap' | 'budget',
  reason: string,
): Decision<AdmissionDecision> {
  return { result: { kind: 'skipped', policy, reason } };
}
