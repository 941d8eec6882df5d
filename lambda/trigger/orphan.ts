import { randomUUID } from 'node:crypto';
import type { Firing, NotStartedFiring } from '../firing/firing.ts';
import { firingId, type Occurrence } from '../firing/new-firing.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';

/** Of a trigger that is not there any more: nothing is sent, so none of these is ever asked for. */
const NO_REQUEST = {
  execute: { selectAll: false, scenarioIds: [] },
  policy: {
    startDeadlineMinutes: 1,
    onUnknown: 'hold',
    unknownGraceMinutes: 1,
    follow: false,
    maxDurationMinutes: 1,
    overlap: 'allow',
    pauseAfterRejected: 1,
  },
} as const;

/**
 * Records the occurrence of a schedule or event whose trigger was renamed or removed while the event was under way. It starts
 * nothing and is `expired`, of which people are told: as a dead letter, nothing could ever take it up.
 */
export async function recordOrphan(
  { trigger, cause, at }: Occurrence,
  { ledger, now }: LedgerContext,
): Promise<{ recorded: boolean; firing: Firing }> {
  const time = now().toISOString();
  const orphan: NotStartedFiring = {
    ...NO_REQUEST,
    execute: { ...NO_REQUEST.execute, scenarioIds: [] },
    id: firingId(trigger, cause),
    trigger,
    cause,
    revision: randomUUID(),
    recordedAt: time,
    deadline: at.toISOString(),
    attempts: [],
    state: 'expired',
    reason: `No trigger "${trigger}" is deployed any more: it was renamed or removed while this occurrence was under way.`,
    outbox: ['expired'],
    nextCheckAt: time,
  };
  const result = await ledger.record(orphan);
  const { id: firing, reason: message, state } = result.firing;
  if (result.recorded) log('start_expired', { firing, trigger, message });
  else log('firing_duplicated', { firing, trigger, state });
  return result;
}
