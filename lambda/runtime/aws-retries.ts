import { isThrottlingError, isTransientError, StandardRetryStrategy } from '@smithy/core/retry';

/** Repeats what has failed, with the SDK's pauses; rejects with the last error. */
export type Repeat = <T>(error: unknown, attempt: () => Promise<T>) => Promise<T>;

/** At most `maxAttempts` in all, the first one included; all calls of one repeater share the SDK's token bucket. */
export function repeater(maxAttempts: number): Repeat {
  const retries = new StandardRetryStrategy(maxAttempts);
  return async (first, attempt) => {
    let token = await retries.acquireInitialRetryToken('');
    let error = first;
    while (true) {
      const refresh = retries.refreshRetryTokenForRetry(token, { errorType: typeOf(error) });
      token = await refresh.catch(() => {
        throw error;
      });
      try {
        const result = await attempt();
        retries.recordSuccess(token);
        return result;
      } catch (next) {
        error = next;
      }
    }
  };
}

function typeOf(error: unknown) {
  if (!isSdkError(error)) return 'CLIENT_ERROR';
  if (isThrottlingError(error)) return 'THROTTLING';
  return isTransientError(error) ? 'TRANSIENT' : 'CLIENT_ERROR';
}

/** The SDK looks at the names, codes and causes of any error. */
function isSdkError(error: unknown): error is Parameters<typeof isTransientError>[0] {
  return error instanceof Error;
}
