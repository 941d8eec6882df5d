import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock } from '../../lib/clock.ts';

/** A clock that moves only when told. */
export interface ManualClock extends Clock {
  /** Lets time pass, waking each sleeper at its moment. */
  pass(milliseconds: number): Promise<void>;
  /** The machine sleeps, or somebody sets the clock: timers have not run meanwhile. */
  jump(milliseconds: number): void;
}

export function manualClock(iso: string): ManualClock {
  let time = Date.parse(iso);
  /** How long each sleeper has left, in time that passes: as setTimeout, which no clock change reaches. */
  const sleepers = new Set<{ left: number; end: () => void }>();
  return {
    now: () => new Date(time),
    sleep: (milliseconds, signal) =>
      new Promise((wake) => {
        const end = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', end);
          wake();
        };
        const sleeper = { left: milliseconds, end };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', end);
      }),
    async pass(milliseconds) {
      let left = milliseconds;
      await macrotask();
      while (left > 0) {
        const step = Math.min(left, ...[...sleepers].map((sleeper) => sleeper.left));
        time += step;
        left -= step;
        for (const sleeper of sleepers) {
          sleeper.left -= step;
          if (sleeper.left <= 0) sleeper.end();
        }
        await macrotask();
      }
    },
    jump(milliseconds) {
      time += milliseconds;
    },
  };
}
