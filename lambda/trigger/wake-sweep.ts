import { randomUUID } from 'node:crypto';
import type { LedgerContext } from '../ledger/ledger.ts';
import type { Lambda } from '../runtime/aws.ts';
import { ANSWER_MS } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';
import { claimOf } from '../start/first-arrival.ts';

/** So long nobody wakes the sweep again: what is recorded meanwhile, that one takes up while it runs, or the next one. */
const AWAKE_MS = 30_000;
const CLAIM = '/sweep/woken';

/**
 * Has the sweep begin now, so that what is only recorded need not wait for the next minute: at most twice a minute, for
 * all instances together. Never rejects: the next sweep comes anyway.
 */
export function sweepWaker(
  lambda: Lambda,
  functionName: string,
  { ledger, now }: LedgerContext,
): () => Promise<void> {
  let sleepsAgainAt = new Date(0);
  return async () => {
    const at = now();
    if (at < sleepsAgainAt) return;
    sleepsAgainAt = addMs(at, AWAKE_MS);
    const arrival = { deliveryId: randomUUID(), arrivedAt: at.toISOString() };
    const claim = claimOf(CLAIM, arrival, sleepsAgainAt);
    try {
      const { deliveryId } = await ledger.claim(claim, at);
      if (deliveryId !== claim.deliveryId) return;
      const invocation = { FunctionName: functionName, InvocationType: 'Event' } as const;
      await lambda.invoke(
        { ...invocation, Payload: '{"woken":true}' },
        AbortSignal.timeout(ANSWER_MS),
      );
    } catch (error) {
      log('hand_over_failed', { function: 'sweep', message: String(error) });
    }
  };
}
