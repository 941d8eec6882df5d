import type { ListedExecution } from '../api/future-agi.ts';
import type { Budget, Overlap } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import type { Firing } from '../firing/firing.ts';
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
  /** How many scenarios it runs; absent when nobody knows before the start. */
  readonly scenarios?: number | undefined;
  /** The run test's newest executions; absent when they cannot be read: then the ledger alone judges. */
  readonly executions?: readonly ListedExecution[] | undefined;
}

/** Why a firing does not start. */
export type SkipCause = 'paused' | 'overlap' | 'budget';

/** What the gate says to a candidate; `outdated`: somebody else has advanced the firing meanwhile. */
export type Admission = AdmissionDecision | { readonly kind: 'outdated' };

/** What the policies say. */
export type AdmissionDecision =
  | { readonly kind: 'entered'; readonly warnings: readonly string[] }
  | { readonly kind: 'skipped'; readonly cause: SkipCause; readonly reason: string }
  | {
      readonly kind: 'waiting';
      readonly reason: string;
      /** Whether it began to wait just now. */
      readonly isNew: boolean;
      /** The firing whose execution this caller, and nobody else, has to cancel. */
      readonly toCancel?: Firing;
    };

/** The gates before a firing: its trigger's own, and the one of all triggers. */
export interface AdmissionRecords {
  readonly own: AdmissionRecord;
  readonly shared: AdmissionRecord;
}

/** Strongly consistent reads. */
export async function readAdmissionRecords(
  { trigger }: Firing,
  core: Core,
): Promise<AdmissionRecords> {
  const [own, shared] = await Promise.all([
    readAdmissionRecord(admissionId(trigger), core),
    readAdmissionRecord(SHARED_ADMISSION, core),
  ]);
  return { own, shared };
}

/** Why the firing may not start at the moment, whoever else does. */
export function pausedBy(
  { own, shared }: AdmissionRecords,
  firing: Firing,
  now: Date,
): string | undefined {
  return standingPause(shared, firing, now) ?? standingPause(own, firing, now);
}

/**
 * Passes the gate, once: a firing that holds a place already, since its function died or its start was put off, is
 * let through uncounted. Overlap, budget and place are decided in one write per gate, so of any number of
 * candidates no more get through than may. Undefined when the gate was too busy to tell.
 */
export async function enter(
  candidate: Candidate,
  gates: AdmissionRecords,
  core: Core,
): Promise<Admission | undefined> {
  const { firing } = candidate;
  const own = ownRules(firing);
  if (!core.budget) return admitTo(gates.own, own, candidate, core);
  // The shared budget is asked only for what the trigger's own gate would let through.
  const { result } = await judge(gates.own, own, candidate, core);
  if (result.kind !== 'entered') return admitTo(gates.own, own, candidate, core);
  const shared = await admitTo(gates.shared, sharedRules(core), candidate, core);
  if (shared?.kind !== 'entered') return shared;
  // What is refused here gives its share back when it is over, like every firing that has not run.
  const admission = await admitTo(gates.own, own, candidate, core);
  return admission?.kind === 'entered'
    ? { kind: 'entered', warnings: [...admission.warnings, ...shared.warnings] }
    : admission;
}

/** What `enter` would say at this moment. Nothing is taken, counted or written. */
export async function previewAdmission(
  candidate: Candidate,
  gates: AdmissionRecords,
  core: Core,
): Promise<AdmissionDecision> {
  const { firing } = candidate;
  const paused = pausedBy(gates, firing, core.now());
  if (paused !== undefined) return skipped('paused', paused).result;
  const { result } = await judge(gates.own, ownRules(firing), candidate, core);
  if (result.kind !== 'entered' || !core.budget) return result;
  return (await judge(gates.shared, sharedRules(core), candidate, core)).result;
}

function ownRules({ policy, trigger }: Firing): Rules {
  return { ...policy, whose: `of ${trigger}` };
}

function sharedRules({ budget }: Core): Rules {
  return { overlap: 'allow', budget, whose: 'of all triggers' };
}

interface Rules {
  readonly overlap: Overlap;
  readonly budget?: Budget | undefined;
  /** Whose budget it is, for people. */
  readonly whose: string;
}

function admitTo(read: AdmissionRecord, rules: Rules, candidate: Candidate, core: Core) {
  return decideAt(read.id, (gate) => decideCurrent(gate, rules, candidate, core), core, read);
}

async function decideCurrent(
  gate: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  core: Core,
): Promise<Decision<Admission>> {
  const decision = await judge(gate, rules, candidate, core);
  const takesPlace = decision.result.kind === 'entered' && decision.next !== undefined;
  // Read after the gate: had another function taken the place and given it back, this would tell.
  const isOutdated = takesPlace && !(await isCurrent(candidate.firing, core));
  return isOutdated ? { result: { kind: 'outdated' } } : decision;
}

async function judge(
  gate: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  core: Core,
): Promise<Decision<AdmissionDecision>> {
  const { firing } = candidate;
  const paused = standingPause(gate, firing, core.now());
  if (paused !== undefined) return skipped('paused', paused);
  const place = gate.slots.find((slot) => slot.firing === firing.id);
  if (place) return { result: entered(place.warning) };
  if (rules.overlap === 'allow' && !rules.budget) return { result: entered() };
  const standing = await standingOf(gate, rules, candidate, core);
  const verdict = await overlapDecision(standing, rules, candidate, core);
  switch (verdict.kind) {
    case 'free':
      return take(standing.gate, rules, candidate, core);
    case 'skip':
      return skipped('overlap', verdict.reason);
    case 'wait':
      return wait(standing.gate, firing, verdict.reason);
    case 'cancel':
      return wait(standing.gate, firing, verdict.reason, verdict.rival);
  }
}

/** More slots than this are looked up even where starts may overlap, to keep the item small. */
const MOST_SLOTS = 25;

/** Where starts may overlap, slots matter only when one of them could give its share of the budget back. */
async function standingOf(
  gate: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  core: Core,
): Promise<Standing> {
  const isMoot =
    rules.overlap === 'allow' &&
    gate.slots.length < MOST_SLOTS &&
    spending(gate, rules, candidate, core)?.kind !== 'over';
  if (isMoot) return { gate, rivals: [] };
  return withoutOver(gate, rules.overlap, candidate.executions, core);
}

async function overlapDecision(
  { gate, rivals }: Standing,
  { overlap }: Rules,
  { firing, executions = [] }: Candidate,
  core: Core,
): Promise<OverlapDecision> {
  if (overlap === 'allow') return { kind: 'free' };
  const own = new Set(rivals.map(({ executionId }) => executionId));
  return decideOverlap(firing, {
    rivals,
    strangers: runningExecutions(executions, core.now()).filter(({ id }) => !own.has(id)),
    waiting: await otherWaiting(gate, firing, core),
    cancelled: gate.slots.flatMap((slot) => (slot.cancelledFor ? slot.firing : [])),
  });
}

async function otherWaiting(gate: AdmissionRecord, firing: Firing, { ledger }: Core) {
  if (!gate.waiting || isWaiting(gate, firing)) return undefined;
  const waiting = await ledger.read(gate.waiting.firing);
  return waiting?.state === 'due' ? waiting : undefined;
}

/** The place, with its share of the budget. */
function take(
  gate: AdmissionRecord,
  rules: Rules,
  candidate: Candidate,
  core: Core,
): Decision<AdmissionDecision> {
  const { waiting, ...rest } = gate;
  const counted = spending(gate, rules, candidate, core);
  if (counted?.kind === 'over') {
    return skipped('budget', `The budget ${rules.whose} is spent: ${counted.reason}`);
  }
  const warning = counted?.warning && `The budget ${rules.whose}: ${counted.warning}`;
  const slot = {
    firing: candidate.firing.id,
    ...(counted && { cost: costOf(candidate, core) }),
    ...(warning && { warning }),
  };
  const slots = [...gate.slots, slot];
  const next = { ...rest, slots, ...(counted && { spent: counted.spent }) };
  return { next, result: entered(warning) };
}

function spending({ spent }: AdmissionRecord, { budget }: Rules, candidate: Candidate, core: Core) {
  return budget && spend(spent, budget, costOf(candidate, core));
}

/** Every run has a scenario; how many it had is put right when it is over. */
function costOf({ scenarios = 1 }: Candidate, { timezone, now }: Core) {
  return { date: dateIn(timezone, now()), scenarios };
}

function wait(
  gate: AdmissionRecord,
  firing: Firing,
  reason: string,
  toCancel?: Firing,
): Decision<AdmissionDecision> {
  const isNew = !isWaiting(gate, firing);
  const result = { kind: 'waiting', reason, isNew, ...(toCancel && { toCancel }) } as const;
  if (!isNew && !toCancel) return { result };
  const slots = gate.slots.map((slot) =>
    slot.firing === toCancel?.id ? { ...slot, cancelledFor: firing.id } : slot,
  );
  const waiting = { firing: firing.id, recordedAt: firing.recordedAt };
  return { next: { ...gate, slots, waiting }, result };
}

function entered(warning?: string): AdmissionDecision {
  return { kind: 'entered', warnings: warning === undefined ? [] : [warning] };
}

function skipped(cause: SkipCause, reason: string): Decision<AdmissionDecision> {
  return { result: { kind: 'skipped', cause, reason } };
}
