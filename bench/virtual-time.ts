import { setImmediate } from 'node:timers/promises';

/** Turns of the event loop after which nothing more comes over the loopback device by itself. */
const QUIET_TURNS = 12;

/** A clock that jumps to the next moment at which somebody waits, as soon as everything else is done. */
export interface VirtualTime {
  readonly now: () => Date;
  sleep(ms: number): Promise<void>;
  /** While this runs, except where it sleeps, time stands still. */
  working<T>(action: () => Promise<T>): Promise<T>;
  /** Lets time pass until the work is over; rejects where nobody waits any more before that. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function virtualTime(start: Date): VirtualTime {
  let now = start.getTime();
  let busy = 0;
  let activity = 0;
  const sleepers: { at: number; wake: () => void }[] = [];

  return {
    now: () => new Date(now),
    sleep(ms) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const at = now + ms;
      const later = sleepers.findIndex((other) => other.at > at);
      sleepers.splice(later < 0 ? sleepers.length : later, 0, { at, wake: resolve });
      activity += 1;
      return promise;
    },
    async working(action) {
      busy += 1;
      activity += 1;
      try {
        return await action();
      } finally {
        busy -= 1;
        activity += 1;
      }
    },
    async run(work) {
      let isOver = false;
      const end = () => {
        isOver = true;
      };
      work.then(end, end);
      for (;;) {
        await quiet();
        if (isOver) return work;
        const next = sleepers.shift();
        if (!next) throw new Error('Nobody waits, and the work is not over');
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };

  async function quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      const before = activity;
      await setImmediate();
      if (busy > 0 || activity !== before) turns = 0;
    }
  }
}
