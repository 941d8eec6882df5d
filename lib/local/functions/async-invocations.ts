import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import type { DeadLetter } from './dead-letters.ts';
import type { FunctionHost } from './function-host.ts';
import type { Outcome } from './function-process.ts';

interface AsyncOptions {
  readonly clock: Clock;
  /** Aborts pending retries. */
  readonly signal: AbortSignal;
  /** Invokes the function as it is by then: a changed one may have replaced the host. */
  repeat(event: string, requestId: string): Promise<Outcome>;
  deadLetter(letter: DeadLetter): void;
}

/** Lambda waits one minute before the first retry and two before the second. */
const RETRY_DELAYS_MS = [60_000, 120_000];

/** Invokes the function with this event (JSON) as EventBridge does: asynchronously, with Lambda's retries. */
export function invokeAsync(host: FunctionHost, event: string, options: AsyncOptions) {
  const requestId = randomUUID();
  const firstAttempt = host.invokeQueued(event, requestId);
  // `settled` resolves when the event succeeded, became a dead letter, or was under way when the local run ended.
  return { requestId, firstAttempt, settled: retryUntilSettled() };

  async function retryUntilSettled(): Promise<void> {
    const { clock, signal } = options;
    const { retries, maxEventAgeSeconds } = host.fn.asynchronous;
    const expiresAt = clock.now().getTime() + maxEventAgeSeconds * 1000;
    let outcome = await firstAttempt;
    for (let attempt = 1; !outcome.ok && !signal.aborted; attempt += 1) {
      const delayMs = RETRY_DELAYS_MS[attempt - 1] ?? 0;
      if (attempt > retries) return giveUp('RetriesExhausted', attempt, outcome);
      if (clock.now().getTime() + delayMs > expiresAt) {
        return giveUp('EventAgeExceeded', attempt, outcome);
      }
      await clock.sleep(delayMs, signal);
      if (signal.aborted) throw new Error('the local run has ended before the next try');
      outcome = await options.repeat(event, requestId);
    }
  }

  function giveUp(
    condition: DeadLetter['requestContext']['condition'],
    approximateInvokeCount: number,
    outcome: Outcome & { ok: false },
  ): void {
    options.deadLetter({
      version: '1.0',
      timestamp: options.clock.now().toISOString(),
      requestContext: {
        requestId,
        functionArn: `${host.fn.arn}:$LATEST`,
        condition,
        approximateInvokeCount,
      },
      requestPayload: JSON.parse(event),
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: outcome.error,
    });
  }
}
