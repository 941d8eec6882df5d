import { createHash } from 'node:crypto';
import type { Trigger } from '../config/deployed-config.ts';
import { firingId } from '../firing/new-firing.ts';
import type { Claim, LedgerContext } from '../ledger/ledger.ts';
import { addMinutes } from '../runtime/time.ts';

/** A delivery as the memory of deliveries knows it. */
export interface Arrival {
  readonly deliveryId: string;
  /** ISO 8601. */
  readonly arrivedAt: string;
  /** Digest of what was signed, where that does not include the delivery's id. */
  readonly signedDigest?: string | undefined;
}

/** What claiming a delivery needs. */
export interface ClaimContext extends LedgerContext {
  /** How long claims of single deliveries are kept. */
  readonly retentionDays: number;
}

const MINUTES_PER_DAY = 1440;

/**
 * The delivery whose firing this one gets: itself, the one that it replays under another id, or the first one of
 * the burst that it is part of. However many copies run at once, and wherever one of them dies, all of them get the
 * same answer: each claim is a conditional put, and claims say enough to record the firing that they lead to.
 * @param name the trigger's.
 */
export async function firstDelivery(
  arrival: Arrival,
  name: string,
  trigger: Trigger,
  core: ClaimContext,
): Promise<Arrival> {
  const { signedDigest } = arrival;
  const original =
    signedDigest === undefined
      ? arrival
      : await remember(`/${name}/signed/${signedDigest}`, arrival, core);
  const minutes = trigger.webhook?.coalesceMinutes ?? 0;
  return minutes === 0 ? original : firstOfBurst(original, name, trigger, minutes, core);
}

/** The burst begins with its first delivery, lasts `minutes` and never spans deliveries that select differently. */
async function firstOfBurst(
  arrival: Arrival,
  name: string,
  { runTestId, runTest, execute }: Trigger,
  minutes: number,
  core: ClaimContext,
): Promise<Arrival> {
  const now = core.now();
  const id = firingId(name, { kind: 'delivery', deliveryId: arrival.deliveryId });
  // A delivery that comes again begins no burst: it has joined one, or has fired before the trigger had bursts.
  const [joined, fired] = await Promise.all([
    core.ledger.claimed(`/${id}`, now),
    core.ledger.read(id),
  ]);
  if (joined || fired) return joined ?? arrival;
  const selection = createHash('sha256')
    .update(JSON.stringify([runTestId ?? runTest, execute]))
    .digest('hex');
  const first = await core.ledger.claim(
    claimOf(`/${name}/burst/${selection}`, arrival, addMinutes(now, minutes)),
    now,
  );
  return remember(`/${id}`, first, core);
}

/** What was claimed first under this key, for as long as firings are kept. */
async function remember(key: string, arrival: Arrival, core: ClaimContext): Promise<Claim> {
  const until = addMinutes(core.now(), core.retentionDays * MINUTES_PER_DAY);
  return core.ledger.claim(claimOf(key, arrival, until), core.now());
}

function claimOf(id: string, { deliveryId, arrivedAt }: Arrival, until: Date): Claim {
  return {
    id,
    deliveryId,
    arrivedAt,
    heldUntil: until.toISOString(),
    expiresAt: Math.ceil(until.getTime() / 1000),
  };
}
