import * as z from 'zod/mini';
import { addMs } from '../runtime/time.ts';

/** Between the sweeps that the schedule causes. */
const MINUTE_MS = 60_000;
/** So long before the next one, a sweep takes nothing up any more: Lambda puts the next one off, for seconds or longer, while it runs. */
const PAUSE_MS = 2_500;
const wokenSchema = z.object({ woken: z.literal(true) });

/**
 * Until when a sweep takes firings up: shortly before the next one comes. When the schedule causes that is known from the
 * sweeps before, as far as this instance has seen them; one that was woken between two has only the rest of the time.
 */
export function workTime(): (event: unknown, now: Date) => Date {
  let scheduledAt: number | undefined;
  return (event, now) => {
    const at = now.getTime();
    if (!wokenSchema.safeParse(event).success) scheduledAt = at;
    const passed = scheduledAt === undefined ? 0 : (at - scheduledAt) % MINUTE_MS;
    return addMs(now, Math.max(0, MINUTE_MS - passed - PAUSE_MS));
  };
}
