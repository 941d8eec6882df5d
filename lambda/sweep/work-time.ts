import * as z from 'zod/mini';
import { addMs } from '../runtime/time.ts';

/** Between the sweeps that the schedule causes. */
const MINUTE_MS = 60_000;
/**
 * So long before the next one, a sweep takes nothing up any more: while it runs, Lambda puts the next one off, for seconds
 * or longer.
 */
const PAUSE_MS = 2_500;
/**
 * After so long Lambda tries again what it has put off, then after twice as long each time (Lambda Developer Guide,
 * "Asynchronous invocation"): at the latest, when twice the time and this have passed after which it was free.
 */
const RETRY_MS = 1_000;
const wokenSchema = z.object({ woken: z.literal(true) });

/** Runs a sweep, and tells it until when it takes firings up. */
type InWorkTime = <T>(event: unknown, work: (workUntil: Date) => Promise<T>) => Promise<T>;

/**
 * A sweep takes firings up until shortly before the next one comes. When the schedule causes that is known from the
 * sweeps before, as far as this instance has seen them; one that was woken between two, or that had to wait until this
 * instance was free, has only the rest of the time.
 */
export function workTime(now: () => Date): InWorkTime {
  let scheduledAt: number | undefined;
  let freeAt = 0;
  return async (event, work) => {
    const at = now().getTime();
    const sinceSchedule = scheduledAt === undefined ? 0 : (at - scheduledAt) % MINUTE_MS;
    const busyMs = freeAt - (at - sinceSchedule);
    const isPutOff = busyMs > 0 && sinceSchedule <= 2 * (busyMs + RETRY_MS);
    const isOnTime = !isPutOff && !wokenSchema.safeParse(event).success;
    if (isOnTime) scheduledAt = at;
    const leftMs = MINUTE_MS - (isOnTime ? 0 : sinceSchedule) - PAUSE_MS;
    try {
      return await work(addMs(now(), Math.max(0, leftMs)));
    } finally {
      freeAt = now().getTime();
    }
  };
}
