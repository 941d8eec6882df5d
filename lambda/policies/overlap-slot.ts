import type { ListedExecution } from '../api/future-agi.ts';
import type { Firing, StartedFiring } from '../firing/firing.ts';
import type { Ledger, LedgerContext } from '../ledger/ledger.ts';
import type { Decision } from './decide-on.ts';
import { decideOverlap, type OverlapDecision, runningExecutions, undatedIn } from './overlap.ts';
import type { RunTestRecord } from './run-test-record.ts';
import { holdersOf, isOver } from './slots.ts';

/** A firing that asks for a slot of its run test, and what else may be running there. */
export interface OverlapRequest {
  readonly firing: Firing;
  /** The run test's newest executions; absent when they cannot be read: then the ledger alone decides. */
  readonly executions?: readonly ListedExecution[] | undefined;
  /** When they were asked for; absent: just now. */
  readonly listedAt?: Date;
}

/** Whether a firing may run its run test now, by its trigger's `overlap`. */
export type OverlapAdmission =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'skipped'; readonly policy: 'overlap'; readonly reason: string }
  | {
      readonly kind: 'waiting';
      readonly reason: string;
      /** Whether it began to wait just now. */
      readonly isNew: boolean;
      /** The firing whose execution this caller, and no other, has to cancel. */
      readonly toCancel?: StartedFiring;
    };

/** Gives the firing a slot of its run test, or says why not. A slot that it has is written again. */
export async function decideSlot(
  record: RunTestRecord,
  { firing, executions, listedAt }: OverlapRequest,
  { ledger, now }: LedgerContext,
): Promise<Decision<RunTestRecord, OverlapAdmission>> {
  if (record.slots.some((slot) => slot.firing === firing.id)) {
    return { next: record, result: { kind: 'admitted' } };
  }
  const holders = await holdersOf(record.slots, ledger);
  const isHeld = (holder: Firing | undefined): holder is Firing =>
    holder !== undefined && !isOver(holder, now(), executions, listedAt);
  const rivals = holders.map((holder) => holder.firing).filter(isHeld);
  const slots = holders.flatMap((holder) => (isHeld(holder.firing) ? holder.slot : []));
  const ids = new Set(rivals.map(({ execution }) => execution?.id));
  const listed = executions ?? [];
  const undated = executions ? undatedIn(listed, record.undated, now()) : record.undated;
  const strangers = runningExecutions(listed, undated, now()).filter(({ id }) => !ids.has(id));
  const decision = decideOverlap(firing, {
    rivals,
    strangers,
    waiting: await waitingBefore(record, firing, ledger),
    cancelled: slots.flatMap((slot) => (slot.cancelledFor ? slot.firing : [])),
  });
  const isSeen = undated?.execution === record.undated?.execution;
  return decided({ ...record, slots, undated }, firing, decision, isSeen);
}

async function waitingBefore({ waiting }: RunTestRecord, { id, trigger }: Firing, ledger: Ledger) {
  const other = waiting.find((each) => each.trigger === trigger && each.firing !== id);
  const found = other && (await ledger.read(other.firing));
  return found?.state === 'due' ? found : undefined;
}

function decided(
  record: RunTestRecord,
  firing: Firing,
  decision: OverlapDecision,
  isSeen: boolean,
): Decision<RunTestRecord, OverlapAdmission> {
  const { reason = '' } = 'reason' in decision ? decision : {};
  const others = record.waiting.filter(({ trigger }) => trigger !== firing.trigger);
  switch (decision.kind) {
    case 'free': {
      const slots = [...record.slots, { firing: firing.id }];
      return { next: { ...record, slots, waiting: others }, result: { kind: 'admitted' } };
    }
    case 'skip': {
      const result = { kind: 'skipped', policy: 'overlap', reason } as const;
      return isSeen ? { result } : { next: record, result };
    }
    case 'wait':
    case 'cancel': {
      const toCancel = decision.kind === 'cancel' ? decision.rival : undefined;
      const isNew = !record.waiting.some((each) => each.firing === firing.id);
      const slots = record.slots.map((slot) =>
        slot.firing === toCancel?.id ? { ...slot, cancelledFor: firing.id } : slot,
      );
      const waiting = [...others, { firing: firing.id, trigger: firing.trigger }];
      const result = { kind: 'waiting', reason, isNew, ...(toCancel && { toCancel }) } as const;
      return isSeen && !isNew && !toCancel
        ? { result }
        : { next: { ...record, slots, waiting }, result };
    }
  }
}
