import { setTimeout as sleep } from 'node:timers/promises';

/** Time as the local run sees it; tests bring their own. */
export interface Clock {
  now(): Date;
  /** Ends early when the signal aborts. At most 2^31 - 1 ms (setTimeout's limit). */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's. An aborted sleep resolves early and does not reject. */
export const systemClock: Clock = {
  now: () => new Date(),
  async sleep(milliseconds, signal) {
    await sleep(milliseconds, undefined, { signal }).catch((error: Error) => {
      if (!signal?.aborted) throw error;
    });
  },
};
