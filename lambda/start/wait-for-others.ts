import type { ApiAccess } from '../api/future-agi.ts';
import type { Core } from '../core.ts';
import { addMinutes, type Firing } from '../firing/firing.ts';
import { toOpen } from '../firing/transition.ts';
import { cancel, lookBefore } from '../follow/cancel-mismatch.ts';
import type { Admission } from '../policies/admission.ts';
import { admissionId, decideAt } from '../policies/admission-record.ts';
import { log } from '../runtime/log.ts';
import { latest } from './settle.ts';

type Waiting = Extract<Admission, { kind: 'waiting' }>;

const CHECK_AGAIN_MINUTES = 1;

/**
 * Leaves a firing due until those before it are over: each sweep looks again. Its start deadline counts from the last
 * look that found one of them running.
 */
export async function wait(
  firing: Firing,
  { reason, isNew, toCancel }: Waiting,
  access: ApiAccess,
  core: Core,
): Promise<Firing> {
  if (toCancel) await cancelFor(firing, toCancel, access, core);
  const now = core.now();
  const deadline = addMinutes(now, firing.policy.startDeadlineMinutes).toISOString();
  const changes = { reason, ...(deadline > firing.deadline && { deadline }) };
  const next = toOpen(firing, 'due', addMinutes(now, CHECK_AGAIN_MINUTES), changes);
  const written = await core.ledger.write(firing, next);
  if (!written) return latest(firing, core);
  if (isNew) log('start_buffered', { firing: firing.id, trigger: firing.trigger, message: reason });
  return written;
}

/**
 * The gate says that this firing cancels, so the request leaves at most once, whatever happens here. Only one that
 * has certainly not reached the server may leave again.
 */
async function cancelFor(
  firing: Firing,
  rival: Firing,
  access: ApiAccess,
  core: Core,
): Promise<void> {
  const { execution } = rival;
  if (!execution) throw new Error(`Firing ${rival.id} is ${rival.state} without an execution`);
  const before = await lookBefore(rival, execution, access);
  const { kind, message } = before ?? (await cancel(execution, access));
  if (kind === 'later') await forgetCancel(rival, core);
  if (kind === 'cancelled' || kind === 'failed') {
    log(kind === 'cancelled' ? 'overlap_cancelled' : 'overlap_cancel_failed', {
      firing: firing.id,
      trigger: firing.trigger,
      execution_id: execution.id,
      cancelled_firing: rival.id,
      ...(kind === 'failed' && { message, what_to_do: BY_HAND }),
    });
  }
  if (kind === 'cancelled') await noteSuccessor(rival, firing, core);
}

/** So that its end, which the service has brought about, is told nobody as a problem. */
async function noteSuccessor(rival: Firing, { id }: Firing, core: Core): Promise<void> {
  let current = rival;
  while (!(await core.ledger.write(current, { ...current, cancelledFor: id }))) {
    current = await latest(current, core);
  }
}

const BY_HAND = 'The firing waits until that execution is over; cancel it in Future AGI to go on.';

async function forgetCancel({ id, trigger }: Firing, core: Core): Promise<void> {
  await decideAt(
    admissionId(trigger),
    (gate) => {
      const slots = gate.slots.map(({ cancelledFor, ...slot }) =>
        slot.firing === id || cancelledFor === undefined ? slot : { ...slot, cancelledFor },
      );
      return { next: { ...gate, slots }, result: gate };
    },
    core,
  );
}
