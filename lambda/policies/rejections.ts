import { EVENT_KINDS } from '../firing/event-kind.ts';
import type { Firing, NotStartedFiring } from '../firing/firing.ts';
import { EVENT_SOURCE } from '../firing/service-event.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { type AdmissionRecord, admissionId, type Decision, decideAt } from './admission-record.ts';
import { isInForce } from './pause.ts';

/** The key or the plan: the next start will be refused as well. */
const HOPELESS = new Set([401, 402, 403]);

/** What an outcome means for its trigger. */
interface Counted {
  /** Why the trigger is paused because of it. */
  readonly paused?: string;
  readonly isNew?: boolean;
}

/**
 * Counts the rejected starts of a trigger in a row and pauses it when there are too many, or at once when the key or
 * the plan is refused; a start begins the count anew. For firings that were rejected or have started; others say
 * nothing. Repeating a call changes nothing and returns the same, so that a crash after it loses nothing.
 * @returns why the trigger is paused because of this firing, if it is: that is to be published.
 */
export async function countOutcome(
  firing: Firing,
  { ledger, now }: LedgerContext,
): Promise<string | undefined> {
  const decide = (record: AdmissionRecord) => counted(record, firing, now());
  const result = await decideAt(admissionId(firing.trigger), decide, ledger);
  if (!result) {
    throw new Error(`Too many starts of ${firing.trigger} at this moment to count ${firing.id}`);
  }
  const { paused, isNew } = result;
  if (isNew) {
    log('trigger_paused', {
      trigger: firing.trigger,
      firing: firing.id,
      by: EVENT_SOURCE,
      message: paused,
      what_to_do: EVENT_KINDS.paused.whatToDo,
    });
  }
  return paused;
}

const NOTHING: Decision<Counted> = { result: {} };

function counted(record: AdmissionRecord, firing: Firing, now: Date): Decision<Counted> {
  if (firing.state === 'rejected') return countRejection(record, firing, now);
  if (!firing.execution) return NOTHING;
  const { sentAt } = firing;
  const rejections = record.rejections.filter(({ at }) => at > sentAt);
  return rejections.length === record.rejections.length
    ? NOTHING
    : { ...NOTHING, next: { ...record, rejections } };
}

function countRejection(
  record: AdmissionRecord,
  firing: NotStartedFiring,
  now: Date,
): Decision<Counted> {
  const rejection = { firing: firing.id, at: rejectedAt(firing) };
  const { pause, resumed } = record;
  if (pause?.firing === firing.id) return { result: { paused: pause.reason } };
  const isKnown = record.rejections.some(
    (known) => known.firing === rejection.firing && known.at === rejection.at,
  );
  if (isKnown || (resumed && rejection.at <= resumed.at)) return NOTHING;
  const next = { ...record, rejections: [...record.rejections, rejection] };
  const isPaused = pause !== undefined && isInForce(pause, now);
  const reason = isPaused ? undefined : reasonToPause(firing, next.rejections.length);
  if (reason === undefined) return { ...NOTHING, next };
  const own = { at: now.toISOString(), by: EVENT_SOURCE, reason, firing: firing.id };
  return { next: { ...next, pause: own }, result: { paused: reason, isNew: true } };
}

/** The time of the refusal; of one before anything was sent, that of the recording. */
function rejectedAt({ attempts, recordedAt }: NotStartedFiring): string {
  return attempts.at(-1)?.settledAt ?? recordedAt;
}

function reasonToPause({ attempts, reason, policy }: NotStartedFiring, inARow: number) {
  const { status, outcome } = attempts.at(-1) ?? {};
  if (outcome === 'rejected' && status !== undefined && HOPELESS.has(status)) return reason;
  return inARow < policy.pauseAfterRejected
    ? undefined
    : `${inARow} starts in a row were rejected, the last one so: ${reason}`;
}
