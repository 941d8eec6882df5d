import { createHash } from 'node:crypto';
import type { Cause } from '../firing/firing.ts';
import { firingId } from '../firing/new-firing.ts';
import { STATES } from '../firing/states.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { Claim, Ledger, RetentionContext } from '../ledger/ledger.ts';
import { addMinutes } from '../runtime/time.ts';

/** A delivery or an event, as far as duplicates are recognised by it. */
export interface Arrival {
  /** Its own, whichever of the two it is. */
  readonly deliveryId: string;
  /** ISO 8601. */
  readonly arrivedAt: string;
  /** See `Verification`; an event has none. */
  readonly signedDigest?: string | undefined;
}

/** The trigger that arrivals of one kind fire. */
export interface Destination {
  readonly name: string;
  readonly trigger: Trigger;
  readonly kind: 'delivery' | 'event';
  /** See `Webhook`; 0: none join. */
  readonly coalesceMinutes: number;
}

/** The cause of the firing of an arrival with this id. */
export function causeOf(kind: Destination['kind'], id: string): Cause {
  return kind === 'delivery' ? { kind, deliveryId: id } : { kind, eventId: id };
}

const MINUTES_PER_DAY = 1440;

/**
 * The arrival whose firing this one gets: itself, the one that it replays under another id, or the first one of its
 * burst. Copies that run at once get the same answer, and so does a copy after one that died: each claim is a
 * conditional put, and says enough to record the firing that it leads to.
 */
export async function firstArrival(
  arrival: Arrival,
  destination: Destination,
  context: RetentionContext,
): Promise<Arrival> {
  const { signedDigest } = arrival;
  const { name, coalesceMinutes } = destination;
  const original =
    signedDigest === undefined
      ? arrival
      : await claimForGood(`/${name}/signed/${signedDigest}`, arrival, context);
  return coalesceMinutes === 0 ? original : firstOfBurst(original, destination, context);
}

/** A claim tells only the id, so deliveries and events have bursts of their own. */
const BURSTS = { delivery: 'burst', event: 'event-burst' } as const;

/**
 * A burst lasts `coalesceMinutes` from its first arrival on, unless the firing of that one certainly did not run;
 * arrivals that select differently have different bursts.
 */
async function firstOfBurst(arrival: Arrival, destination: Destination, context: RetentionContext) {
  const { name, kind, coalesceMinutes } = destination;
  const { runTestId, runTest, execute } = destination.trigger;
  const { ledger } = context;
  const now = context.now();
  const id = firingId(name, causeOf(kind, arrival.deliveryId));
  // An arrival that comes again begins no burst: it has joined one, or fired before the trigger had bursts.
  const [joined, fired] = await Promise.all([ledger.claimed(`/${id}`, now), ledger.read(id)]);
  if (joined || fired) return joined ?? arrival;
  const selection = createHash('sha256')
    .update(JSON.stringify([runTestId ?? runTest, execute]))
    .digest('hex');
  const key = `/${name}/${BURSTS[kind]}/${selection}`;
  const burst = claimOf(key, arrival, addMinutes(now, coalesceMinutes));
  const standing = await ledger.claim(burst, now);
  const first = (await hasNotRun(standing, destination, ledger))
    ? await ledger.claim(burst, now, standing)
    : standing;
  return claimForGood(`/${id}`, first, context);
}

async function hasNotRun({ deliveryId }: Claim, { name, kind }: Destination, ledger: Ledger) {
  const firing = await ledger.read(firingId(name, causeOf(kind, deliveryId)));
  return firing !== undefined && STATES[firing.state].hasNotRun;
}

/** The first claim on this key, for as long as firings are kept: it must outlive every repetition of its sender. */
async function claimForGood(
  key: string,
  arrival: Arrival,
  { ledger, now, retentionDays }: RetentionContext,
): Promise<Claim> {
  const until = addMinutes(now(), retentionDays * MINUTES_PER_DAY);
  return ledger.claim(claimOf(key, arrival, until), now());
}

/** A claim that holds until this time; the ledger deletes it after that. */
export function claimOf(id: string, { deliveryId, arrivedAt }: Arrival, until: Date): Claim {
  return {
    id,
    deliveryId,
    arrivedAt,
    heldUntil: until.toISOString(),
    expiresAt: Math.ceil(until.getTime() / 1000),
  };
}
