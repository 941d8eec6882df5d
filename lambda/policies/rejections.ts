import { NO_MESSAGE } from '../api/outcome.ts';
import { EVENT_KINDS } from '../firing/event-kind.ts';
import type { Attempt, Firing, NotStartedFiring } from '../firing/firing.ts';
import { EVENT_SOURCE } from '../firing/service-event.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { ADMISSION, type AdmissionRecord, admissionId } from './admission-record.ts';
import { type Decision, decideOn } from './decide-on.ts';
import { pauseIn } from './pause.ts';

/** In the API's own words, the key or the plan: the next start will be refused as well. */
const HOPELESS = new Set([401, 402, 403]);

/** What an outcome means for its trigger. */
interface Counted {
  /** Why the trigger is paused because of it. */
  readonly paused?: string;
  readonly isNew?: boolean;
}

/**
 * Counts the rejected starts of a trigger in a row and pauses it when there are too many, or at once when the key or
 * the plan is refused; a start begins the count anew. It is called when a firing was rejected or has started, so that
 * the next start finds the pause, and again before that is published: repeating a call changes nothing and returns the
 * same, so that a crash loses nothing. A rejection that a later start has followed says nothing any more.
 * @param read the trigger's record, where the caller has just read it.
 * @returns why the trigger is paused because of this firing, if it is: that is to be published.
 */
export async function countOutcome(
  firing: Firing,
  { ledger, now }: LedgerContext,
  read?: AdmissionRecord,
): Promise<string | undefined> {
  const decide = (record: AdmissionRecord) => counted(record, firing, { ledger, now });
  const result = await decideOn(admissionId(firing.trigger), ADMISSION, decide, ledger, read);
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

type CountDecision = Decision<AdmissionRecord, Counted>;

const NOTHING: CountDecision = { result: {} };

function counted(record: AdmissionRecord, firing: Firing, context: LedgerContext) {
  if (firing.state === 'rejected') return countRejection(record, firing, context);
  if (!firing.execution) return NOTHING;
  const { sentAt } = firing;
  const rejections = record.rejections.filter(({ at }) => at > sentAt);
  return rejections.length === record.rejections.length
    ? NOTHING
    : { ...NOTHING, next: { ...record, rejections } };
}

async function countRejection(
  record: AdmissionRecord,
  firing: NotStartedFiring,
  { ledger, now }: LedgerContext,
): Promise<CountDecision> {
  const rejection = { firing: firing.id, at: rejectedAt(firing) };
  const { pause, resumed } = record;
  if (pause?.firing === firing.id) return { result: { paused: pause.reason } };
  const isKnown = record.rejections.some(
    (known) => known.firing === rejection.firing && known.at === rejection.at,
  );
  if (isKnown || (resumed && rejection.at <= resumed.at)) return NOTHING;
  if (await hasStartedSince(firing, rejection.at, { ledger, now })) return NOTHING;
  const all = [...record.rejections, rejection];
  const next = { ...record, rejections: all.toSorted((a, b) => (a.at < b.at ? -1 : 1)) };
  const reason = pauseIn(record, now()) ? undefined : reasonToPause(firing, next.rejections.length);
  if (reason === undefined) return { ...NOTHING, next };
  const own = { at: now().toISOString(), by: EVENT_SOURCE, reason, firing: firing.id };
  return { next: { ...next, pause: own }, result: { paused: reason, isNew: true } };
}

/** As far as the ledger's index tells: it is asked when a function died before it counted, or a start came between. */
async function hasStartedSince(
  { trigger, runTestId }: Firing,
  since: string,
  { ledger, now }: LedgerContext,
): Promise<boolean> {
  if (runTestId === undefined) return false;
  const sent = await ledger.sentBetween(runTestId, new Date(since), now());
  return sent.some(
    ({ id, executionId }) => executionId !== undefined && id.startsWith(`${trigger}:`),
  );
}

/** Of a refusal before anything was sent, the time at which the firing ended: it is open until it is published. */
function rejectedAt(firing: NotStartedFiring): string {
  return refusedAttempt(firing)?.settledAt ?? firing.nextCheckAt ?? firing.recordedAt;
}

/** The attempt that the API has refused, if one has left since a person last sent the firing again. */
function refusedAttempt({ attempts, retries }: NotStartedFiring): Attempt | undefined {
  const last = attempts.at(-1);
  const isOlder = retries?.at(-1)?.attempts === attempts.length;
  return last?.outcome === 'rejected' && !isOlder ? last : undefined;
}

function reasonToPause(firing: NotStartedFiring, inARow: number): string | undefined {
  const { reason, policy } = firing;
  const { status, message } = refusedAttempt(firing) ?? {};
  // A firewall or a proxy has no words of the API.
  const isHopeless = status !== undefined && HOPELESS.has(status) && message !== NO_MESSAGE;
  if (isHopeless) return reason;
  return inARow < policy.pauseAfterRejected
    ? undefined
    : `${inARow} starts in a row were rejected, the last one because: ${reason}`;
}
