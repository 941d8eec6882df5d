import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the local run sees it; tests bring their own. */
export interface Clock {
  now(): Date;
  /** Rejects with an AbortError when the signal aborts first. At most 2^31 - 1 ms (setTimeout's limit). */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};
