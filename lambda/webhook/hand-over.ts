import type { Firing } from '../firing/firing.ts';
import type { Lambda } from '../runtime/aws.ts';
import { log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';

/**
 * Has another function start a firing that was just recorded, or read the execution of one, and waits until it has done
 * so, or until `until`. Never rejects: the sweep does, a minute later, what could not be handed over.
 */
export type HandOver = (firing: Firing, until: Date) => Promise<void>;

/** So long nobody waits any more after one has waited in vain: many who wait would leave no place for deliveries. */
const SLOW_MS = 30_000;

/**
 * Hands over to the Lambda function of this name. When it is busy, or was too slow a short while ago, its queue takes
 * the event, and nobody waits. The function goes on when this one stops waiting for it.
 * @param client must not repeat a request by itself.
 */
export function handOverTo(client: Lambda, functionName: string, now: () => Date): HandOver {
  let waitsAgainAt = new Date(0);
  return async ({ id, trigger, revision }, until) => {
    const abortSignal = AbortSignal.timeout(Math.max(0, until.getTime() - now().getTime()));
    const Payload = JSON.stringify({ firing: id, revision });
    const invoke = (InvocationType: 'RequestResponse' | 'Event') =>
      client.invoke({ FunctionName: functionName, InvocationType, Payload }, abortSignal);
    try {
      if (now() < waitsAgainAt) return void (await invoke('Event'));
      await invoke('RequestResponse').catch((error: unknown) => {
        if (!isBusy(error)) throw error;
        return invoke('Event');
      });
    } catch (error) {
      if (abortSignal.aborted) {
        waitsAgainAt = addMs(now(), SLOW_MS);
        return;
      }
      log('hand_over_failed', { function: 'starter', firing: id, trigger, message: String(error) });
    }
  };
}

/** Lambda API reference, Invoke: the function's concurrency, or the account's, is in use. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && error.name === 'TooManyRequestsException';
}
