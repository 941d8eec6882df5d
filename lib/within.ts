import { setTimeout as sleep } from 'node:timers/promises';

/** What the promise gives, or `timeout` when that takes longer. The promise itself goes on. */
export async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | 'timeout'> {
  const settled = new AbortController();
  const timeout = sleep(limitMs, 'timeout' as const, { signal: settled.signal });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    settled.abort();
  }
}
