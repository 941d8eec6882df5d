import { cancelExecution, checkBeforeCancel } from '../api/cancel-execution.ts';
import type { ApiAccess } from '../api/future-agi.ts';
import type { DueFiring, Firing, StartedFiring } from '../firing/firing.ts';
import { checkAt, leaving, shortened } from '../firing/transition.ts';
import type { Ledger, LedgerContext } from '../ledger/ledger.ts';
import { latest, writeOrLatest } from '../ledger/write-or-latest.ts';
import type { AdmissionDecision } from '../policies/admission.ts';
import { decideOn } from '../policies/decide-on.ts';
import { RUN_TEST, type RunTestRecord, runTestRecordId } from '../policies/run-test-record.ts';
import { log } from '../runtime/log.ts';
import { addMinutes } from '../runtime/time.ts';

type Waiting = Extract<AdmissionDecision, { kind: 'waiting' }>;

const CHECK_AGAIN_MINUTES = 1;

/**
 * Leaves a firing due until those before it are over: each sweep tries again. Its start deadline counts from the last
 * try that found one of them running.
 */
export async function waitForOthers(
  firing: DueFiring,
  { reason, isNew, toCancel }: Waiting,
  access: ApiAccess,
  { ledger, now }: LedgerContext,
): Promise<Firing> {
  if (toCancel) await cancelFor(firing, toCancel, access, ledger);
  const later = addMinutes(now(), firing.policy.startDeadlineMinutes).toISOString();
  const waiting = {
    ...leaving(firing),
    ...checkAt(addMinutes(now(), CHECK_AGAIN_MINUTES)),
    state: 'due',
    reason: shortened(reason),
    deadline: later > firing.deadline ? later : firing.deadline,
  } as const;
  return writeOrLatest(ledger, firing, waiting, ({ id, trigger }) => {
    if (isNew) log('start_buffered', { firing: id, trigger, message: reason });
  });
}

/**
 * The run test's record says that this firing cancels, so the request leaves at most once, whatever happens here. Only
 * one that has certainly not reached the server may leave again.
 */
async function cancelFor(
  firing: DueFiring,
  rival: StartedFiring,
  access: ApiAccess,
  ledger: Ledger,
): Promise<void> {
  const { runTestId, execution } = rival;
  const before = await checkBeforeCancel(runTestId, execution.id, access);
  const { kind, message } = before ?? (await cancelExecution(execution.id, access));
  if (kind === 'later') await forgetCancel(rival, ledger);
  const fields = {
    firing: firing.id,
    trigger: firing.trigger,
    execution_id: execution.id,
    cancelled_firing: rival.id,
  };
  if (kind === 'failed') log('overlap_cancel_failed', { ...fields, message, what_to_do: BY_HAND });
  if (kind !== 'cancelled') return;
  log('overlap_cancelled', fields);
  await rememberSuccessor(rival, firing, ledger);
}

/** So that its end, which the service has brought about, is published as no problem. */
async function rememberSuccessor(rival: Firing, { id }: Firing, ledger: Ledger): Promise<void> {
  let current = rival;
  while (!(await ledger.write(current, { ...current, cancelledFor: id }))) {
    current = await latest(ledger, current);
  }
}

const BY_HAND = 'The firing waits until that execution is over; cancel it in Future AGI to go on.';

async function forgetCancel({ id, runTestId }: StartedFiring, ledger: Ledger): Promise<void> {
  const decide = (record: RunTestRecord) => {
    const slots = record.slots.map(({ cancelledFor, ...slot }) =>
      slot.firing === id || cancelledFor === undefined ? slot : { ...slot, cancelledFor },
    );
    return { next: { ...record, slots }, result: record };
  };
  await decideOn(runTestRecordId(runTestId), RUN_TEST, decide, ledger);
}
