import { createHash } from 'node:crypto';
import { firingId } from '../firing/new-firing.ts';
import { STATES } from '../firing/states.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { Claim, Ledger, LedgerContext } from '../ledger/ledger.ts';
import { addMinutes } from '../runtime/time.ts';

/** A delivery, as far as duplicates are recognised by it. */
export interface Arrival {
  readonly deliveryId: string;
  /** ISO 8601. */
  readonly arrivedAt: string;
  /** See `Verification`. */
  readonly signedDigest?: string | undefined;
}

/** What claiming a delivery needs. */
export interface ClaimContext extends LedgerContext {
  /** How long claims of single deliveries are kept. */
  readonly retentionDays: number;
}

const MINUTES_PER_DAY = 1440;

/**
 * The delivery whose firing this one gets: itself, the one that it replays under another id, or the first one of its
 * burst. Copies that run at once get the same answer, and so does a copy after one that died: each claim is a
 * conditional put, and says enough to record the firing that it leads to.
 * @param name the trigger's.
 */
export async function firstDelivery(
  arrival: Arrival,
  name: string,
  trigger: Trigger,
  context: ClaimContext,
): Promise<Arrival> {
  const { signedDigest } = arrival;
  const original =
    signedDigest === undefined
      ? arrival
      : await claimForGood(`/${name}/signed/${signedDigest}`, arrival, context);
  const minutes = trigger.webhook?.coalesceMinutes ?? 0;
  return minutes === 0 ? original : firstOfBurst(original, name, trigger, minutes, context);
}

/**
 * A burst lasts `minutes` from its first delivery on, unless that delivery's firing certainly did not run; deliveries
 * that select differently have different bursts.
 */
async function firstOfBurst(
  arrival: Arrival,
  name: string,
  { runTestId, runTest, execute }: Trigger,
  minutes: number,
  context: ClaimContext,
): Promise<Arrival> {
  const { ledger } = context;
  const now = context.now();
  const id = firingId(name, { kind: 'delivery', deliveryId: arrival.deliveryId });
  // A delivery that comes again begins no burst: it has joined one, or fired before the trigger had bursts.
  const [joined, fired] = await Promise.all([ledger.claimed(`/${id}`, now), ledger.read(id)]);
  if (joined || fired) return joined ?? arrival;
  const selection = createHash('sha256')
    .update(JSON.stringify([runTestId ?? runTest, execute]))
    .digest('hex');
  const burst = claimOf(`/${name}/burst/${selection}`, arrival, addMinutes(now, minutes));
  const standing = await ledger.claim(burst, now);
  const first = (await hasNotRun(standing, name, ledger))
    ? await ledger.claim(burst, now, standing)
    : standing;
  return claimForGood(`/${id}`, first, context);
}

async function hasNotRun({ deliveryId }: Claim, name: string, ledger: Pick<Ledger, 'read'>) {
  const firing = await ledger.read(firingId(name, { kind: 'delivery', deliveryId }));
  return firing !== undefined && STATES[firing.state].hasNotRun;
}

/** The first claim on this key, for as long as firings are kept. */
async function claimForGood(
  key: string,
  arrival: Arrival,
  { ledger, now, retentionDays }: ClaimContext,
): Promise<Claim> {
  const until = addMinutes(now(), retentionDays * MINUTES_PER_DAY);
  return ledger.claim(claimOf(key, arrival, until), now());
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
