/**
 * Ctrl-C, SIGTERM, a closed terminal, or a closed pipe for the logs. The handlers stay: a signal may come
 * twice, from the terminal and from npm, and must not cut the stopping short.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort());
  process.stdout.on('error', () => stop.abort());
  return stop.signal;
}
