/** How often the shell of `npm start` is looked for, in milliseconds. */
const LOOK_EVERY_MS = 500;

/**
 * Ctrl-C, SIGTERM, a closed terminal, or a closed pipe for the logs. The handlers stay: a signal may come
 * twice, from the terminal and from npm, and must not cut the stopping short. npm passes SIGTERM to its shell alone, which
 * ends without a word: what `npm start` runs then ends as well.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort());
  process.stdout.on('error', () => stop.abort());
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    const orphaned = () => process.ppid !== parent && stop.abort();
    setInterval(orphaned, LOOK_EVERY_MS).unref();
  }
  return stop.signal;
}
