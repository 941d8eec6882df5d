import { log } from '../runtime/log.ts';

/**
 * Watches the schedules, then sweeps. Schedules that cannot be watched delay no firing, but make the whole reject in the
 * end: a missed schedule would not be noticed, so the sweep did not end well.
 */
export async function watchedSweep<T>(
  watch: () => Promise<void>,
  sweep: () => Promise<T>,
): Promise<T> {
  const watched = await watch().then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (watched) log('watch_failed', { message: String(watched.error) });
  const summary = await sweep();
  if (watched) throw new Error('The schedules could not be watched', { cause: watched.error });
  return summary;
}
