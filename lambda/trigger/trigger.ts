import { advance } from '../advance.ts';
import type { DueFiring, NotStartedFiring } from '../firing/firing.ts';
import { type FiringReport, reportOf } from '../firing/firing-report.ts';
import { firingId, newFiring, type Occurrence, type Source } from '../firing/new-firing.ts';
import { checkAt } from '../firing/transition.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { record } from '../ledger/record.ts';
import { log } from '../runtime/log.ts';
import { addMinutes, addMs } from '../runtime/time.ts';
import { causeOf, firstArrival } from '../start/first-arrival.ts';
import type { StartContext } from '../start/start.ts';
import { parseTriggerEvent } from './event.ts';

/** For recording a firing and starting it at once. */
export interface TriggerContext extends StartContext {
  /** Has the sweep begin now. Never rejects. */
  readonly wakeSweep: () => Promise<void>;
}

/**
 * A schedule's or EventBridge's event, or a person's request, becomes a firing, which is sent at once, or joins one.
 * Rejects when it could not be recorded: Lambda then repeats the event and finally hands it to the dead-letter queue.
 * What happens after the recording is in the ledger, and the sweep goes on with it.
 * @param until when the function is killed.
 */
export async function trigger(
  event: unknown,
  triggers: Readonly<Record<string, Trigger>>,
  context: TriggerContext,
  until: Date,
): Promise<FiringReport> {
  const asked = parseTriggerEvent(event, triggers, context.now());
  const { occurrence, trigger, coalesceMinutes } = asked;
  let isLeft = false;
  const planned = (firing: DueFiring): DueFiring => {
    isLeft = isForSweep(firing, context);
    return isLeft ? { ...firing, ...checkAt(context.now()) } : firing;
  };
  const { recorded, firing } = trigger
    ? await record(
        await oneOfBurst(occurrence, trigger, coalesceMinutes, context),
        trigger,
        context,
        planned,
      )
    : await recordOrphan(occurrence, context);
  if (recorded && isLeft) await context.wakeSweep();
  const isToStart = recorded && !isLeft;
  return reportOf(isToStart ? await advance(firing, context, until) : firing, recorded);
}

/** An event that is later than this has waited for a free place. */
const LATE_MS = 20_000;

/**
 * Whether a firing that nobody waits for is only recorded, for the sweep to start it at the API's pace: while the API throttles,
 * and when more events wait for this function than it has places, so that all are recorded soon.
 */
function isForSweep({ cause, deadline, policy }: DueFiring, { api, now }: TriggerContext): boolean {
  if (cause.kind === 'command' || now() >= new Date(deadline)) return false;
  const onTime = addMinutes(new Date(deadline), -policy.startDeadlineMinutes);
  return api.pace.waitMs(now().getTime()) > 0 || now() > addMs(onTime, LATE_MS);
}

/** The occurrence itself, or the first event of the burst that it belongs to. */
async function oneOfBurst(
  occurrence: Occurrence,
  trigger: Trigger,
  coalesceMinutes: number,
  context: TriggerContext,
): Promise<Occurrence> {
  const { trigger: name, cause, at } = occurrence;
  if (cause.kind !== 'event' || coalesceMinutes === 0) return occurrence;
  const arrival = { deliveryId: cause.eventId, arrivedAt: at.toISOString() };
  const destination = { name, trigger, kind: 'event', coalesceMinutes } as const;
  const { deliveryId } = await firstArrival(arrival, destination, context);
  if (deliveryId === cause.eventId) return occurrence;
  const first = causeOf('event', deliveryId);
  log('event_joined', { firing: firingId(name, first), trigger: name, event_id: cause.eventId });
  return { trigger: name, cause: first, at };
}

/** A trigger that is not there any more: nothing is sent, so none of this is ever asked for. */
const GONE: Source = {
  execute: { selectAll: false, scenarioIds: [] },
  schedules: [],
  startDeadlineMinutes: 0,
  onUnknown: 'hold',
  unknownGraceMinutes: 1,
  follow: false,
  maxDurationMinutes: 1,
  overlap: 'allow',
  pauseAfterRejected: 1,
};

/**
 * Records the occurrence of a schedule or event whose trigger was renamed or removed while the event was under way. It starts
 * nothing and is `expired`, of which people are told: as a dead letter, nothing could ever take it up.
 */
async function recordOrphan(occurrence: Occurrence, { ledger, now }: LedgerContext) {
  const { trigger } = occurrence;
  const orphan: NotStartedFiring = {
    ...newFiring(occurrence, GONE, now()),
    ...checkAt(now()),
    state: 'expired',
    reason: `No trigger "${trigger}" is deployed any more: it was renamed or removed while this occurrence was under way.`,
    outbox: ['expired'],
  };
  const result = await ledger.record(orphan);
  const { id: firing, reason: message, state } = result.firing;
  if (result.recorded) log('start_expired', { firing, trigger, message });
  else log('firing_duplicated', { firing, trigger, state });
  return result;
}
