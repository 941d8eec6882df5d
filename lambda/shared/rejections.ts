import type { Core } from './core.ts';
import type { Firing } from './firing.ts';
import { type Decision, decideAt, type Gate, gateId } from './gate.ts';
import { log } from './log.ts';
import { isInForce } from './pause.ts';
import { remedyFor } from './remedy.ts';
import { EVENT_SOURCE, type ServiceEventKind } from './service-event.ts';

/** The key or the plan: the next start will be refused as well. */
const HOPELESS = new Set([401, 402, 403]);

/** What is to be told because of an outcome. */
interface Noted {
  readonly news: readonly ServiceEventKind[];
  /** Why this call paused the trigger. */
  readonly paused?: string;
}

/**
 * Counts the rejected starts of a trigger in a row and pauses it when there are too many, or at once when the key or
 * the plan is refused; a start begins the count anew. For firings that were rejected or have started; others say
 * nothing. Repeating a call changes nothing and returns the same news, so that a crash after it loses none.
 */
export async function noteOutcome(
  firing: Firing,
  core: Pick<Core, 'ledger' | 'random' | 'now'>,
): Promise<readonly ServiceEventKind[]> {
  const decide = (gate: Gate) => note(gate, firing, core.now());
  const noted = await decideAt(gateId(firing.trigger), decide, core);
  if (!noted) throw new Error(`The gate of ${firing.trigger} is too busy to note ${firing.id}`);
  if (noted.paused !== undefined) {
    log('trigger_paused', {
      trigger: firing.trigger,
      firing: firing.id,
      by: EVENT_SOURCE,
      message: noted.paused,
      what_to_do: 'Remove the cause, then resume the trigger.',
    });
  }
  return noted.news;
}

const NOTHING: Decision<Noted> = { result: { news: [] } };

function note(gate: Gate, firing: Firing, now: Date): Decision<Noted> {
  if (firing.state === 'rejected') return noteRejection(gate, firing, now);
  const { sentAt, executionId } = firing;
  if (executionId === undefined || sentAt === undefined) return NOTHING;
  const rejections = gate.rejections.filter(({ at }) => at > sentAt);
  return rejections.length === gate.rejections.length
    ? NOTHING
    : { ...NOTHING, next: { ...gate, rejections } };
}

function noteRejection(gate: Gate, firing: Firing, now: Date): Decision<Noted> {
  const rejection = { firing: firing.id, at: rejectedAt(firing) };
  const { pause, resumed } = gate;
  if (pause?.firing === firing.id) return { result: { news: ['paused'] } };
  const isKnown = gate.rejections.some(
    (known) => known.firing === rejection.firing && known.at === rejection.at,
  );
  if (isKnown || (resumed && rejection.at <= resumed.at)) return NOTHING;
  const next = { ...gate, rejections: [...gate.rejections, rejection] };
  const isPaused = pause !== undefined && isInForce(pause, now);
  const reason = isPaused ? undefined : reasonToPause(firing, next.rejections.length);
  if (reason === undefined) return { ...NOTHING, next };
  const own = { at: now.toISOString(), by: EVENT_SOURCE, reason, firing: firing.id };
  return { next: { ...next, pause: own }, result: { news: ['paused'], paused: reason } };
}

/** The time of the refusal; of one before anything was sent, that of the recording. */
function rejectedAt({ attempts, recordedAt }: Firing): string {
  return attempts.at(-1)?.settledAt ?? recordedAt;
}

function reasonToPause({ attempts, reason, policy }: Firing, inARow: number): string | undefined {
  const { status, message = reason ?? 'no reason is known' } = attempts.at(-1) ?? {};
  const words =
    status === undefined
      ? message
      : `HTTP ${status}: ${message}. ${remedyFor(status, message).remedy}`;
  if (status !== undefined && HOPELESS.has(status)) return words;
  return inARow < policy.pauseAfterRejected
    ? undefined
    : `${inARow} starts in a row were rejected, the last one so: ${words}`;
}
