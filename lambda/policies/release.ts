import type { Overlap } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import type { Firing } from '../firing/firing.ts';
import {
  type AdmissionRecord,
  admissionId,
  decideAt,
  SHARED_ADMISSION,
} from './admission-record.ts';
import { isCurrent, isOver, without } from './slots.ts';

/**
 * Gives a firing's place back when it is over, and its share of the budget when it has certainly not run; one that
 * waited leaves the queue. An execution that nobody follows keeps its place: the next start looks whether it is over.
 * Repeating it changes nothing; without it, the next start finds out by itself.
 */
export async function releaseSlot(
  firing: Firing,
  core: Pick<Core, 'ledger' | 'random' | 'now' | 'budget'>,
): Promise<void> {
  await leave(admissionId(firing.trigger), firing, firing.policy.overlap, core);
  if (core.budget) await leave(SHARED_ADMISSION, firing, 'allow', core);
}

/** A gate that is too busy is left as it is. */
async function leave(
  id: string,
  firing: Firing,
  overlap: Overlap,
  core: Pick<Core, 'ledger' | 'random' | 'now'>,
): Promise<void> {
  const isUnfollowed = firing.state === 'started' && overlap !== 'allow';
  if (isUnfollowed || !isOver(firing, overlap, core.now())) return;
  const decide = async (gate: AdmissionRecord) => {
    const { next } = left(gate, firing);
    // A firing that was sent again has its place for the new attempt.
    return next && (await isCurrent(firing, core)) ? { next, result: gate } : { result: gate };
  };
  await decideAt(id, decide, core);
}

function left(gate: AdmissionRecord, firing: Firing): { next?: AdmissionRecord } {
  const { waiting, ...others } = gate;
  const place = gate.slots.find((slot) => slot.firing === firing.id);
  const waits = waiting?.firing === firing.id;
  if (!place && !waits) return {};
  const rest = waits ? others : gate;
  return { next: place ? without(rest, place, firing) : rest };
}
