import type { Firing } from '../firing/firing.ts';
import type { Budget, Overlap } from '../firing/policy.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import {
  type AdmissionRecord,
  admissionId,
  decideAt,
  SHARED_ADMISSION,
} from './admission-record.ts';
import { isCurrent, isOver, without } from './slots.ts';

interface ReleaseContext extends LedgerContext {
  /** Present where all triggers together have a budget. */
  readonly budget?: Budget;
}

/**
 * Gives a firing's slot back when it is over, and its share of the budget when it has certainly not run; one that
 * waited waits no longer. An execution that nobody follows keeps its slot: the next start finds out if it is over.
 * Repeating it changes nothing; without it, the next start finds out by itself.
 */
export async function releaseSlot(firing: Firing, context: ReleaseContext): Promise<void> {
  await release(admissionId(firing.trigger), firing, firing.policy.overlap, context);
  if (context.budget) await release(SHARED_ADMISSION, firing, 'allow', context);
}

/** Does nothing when too many others write the record. */
async function release(
  id: string,
  firing: Firing,
  overlap: Overlap,
  { ledger, now }: ReleaseContext,
): Promise<void> {
  const isUnfollowed = firing.state === 'started' && overlap !== 'allow';
  if (isUnfollowed || !isOver(firing, overlap, now())) return;
  const decide = async (record: AdmissionRecord) => {
    const next = released(record, firing);
    // A firing that was retried has its slot for the new attempt.
    return next && (await isCurrent(firing, ledger))
      ? { next, result: record }
      : { result: record };
  };
  await decideAt(id, decide, ledger);
}

/** The record without the firing; undefined where it is not in it. */
function released(record: AdmissionRecord, firing: Firing): AdmissionRecord | undefined {
  const { waiting, ...others } = record;
  const slot = record.slots.find((each) => each.firing === firing.id);
  const waits = waiting?.firing === firing.id;
  if (!slot && !waits) return undefined;
  const rest = waits ? others : record;
  return slot ? without(rest, slot, firing) : rest;
}
