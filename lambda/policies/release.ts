import type { Firing } from '../firing/firing.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import type { AdmissionContext } from './admission.ts';
import {
  ADMISSION,
  type AdmissionRecord,
  admissionId,
  SHARED_ADMISSION,
} from './admission-record.ts';
import { withoutSlot } from './budget-slot.ts';
import { decideOn } from './decide-on.ts';
import { RUN_TEST, type RunTestRecord, runTestRecordId } from './run-test-record.ts';
import { isCurrent, isOver, isSettled } from './slots.ts';

/**
 * Gives a firing's slots back when it is over, and its share of the budgets when it has certainly not run; one that
 * waited waits no longer. What nobody follows keeps its slot: the next start finds out if it is over. Repeating it
 * changes nothing; without it, or when too many others write the records, the next start finds out by itself.
 */
export async function releaseSlot(
  firing: Firing,
  context: LedgerContext & Pick<AdmissionContext, 'budget'>,
): Promise<void> {
  const { ledger, now, budget } = context;
  const { runTestId, policy, trigger } = firing;
  if (runTestId !== undefined && policy.overlap !== 'allow' && isOver(firing, now())) {
    const free = ifCurrent(firing, withoutFiring, context);
    await decideOn(runTestRecordId(runTestId), RUN_TEST, free, ledger);
  }
  if (!isSettled(firing, now())) return;
  const decide = ifCurrent(firing, uncounted, context);
  if (policy.budget) await decideOn(admissionId(trigger), ADMISSION, decide, ledger);
  if (budget) await decideOn(SHARED_ADMISSION, ADMISSION, decide, ledger);
}

/** A firing that was sent again has its slots for the new attempt. */
function ifCurrent<R extends object>(
  firing: Firing,
  change: (record: R, firing: Firing) => R | undefined,
  { ledger }: LedgerContext,
) {
  return async (record: R) => {
    const next = change(record, firing);
    return next && (await isCurrent(firing, ledger))
      ? { next, result: record }
      : { result: record };
  };
}

/** Undefined where the firing is not in the record. */
function withoutFiring(record: RunTestRecord, { id }: Firing): RunTestRecord | undefined {
  const slots = record.slots.filter(({ firing }) => firing !== id);
  const waiting = record.waiting.filter(({ firing }) => firing !== id);
  const isIn = slots.length < record.slots.length || waiting.length < record.waiting.length;
  return isIn ? { ...record, slots, waiting } : undefined;
}

function uncounted(record: AdmissionRecord, firing: Firing): AdmissionRecord | undefined {
  const slot = record.slots.find((each) => each.firing === firing.id);
  return slot && withoutSlot(record, slot, firing);
}
