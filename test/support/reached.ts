type LogEntry = Readonly<Record<string, unknown>>;

/** What the log says when a start comes to each state, and on the paths that are rare. */
const WITNESSES: Readonly<Record<string, (entry: LogEntry) => boolean>> = {
  due: ({ event }) => event === 'firing_recorded',
  started: ({ event }) => event === 'execution_started',
  unknown: ({ event }) => event === 'start_unconfirmed',
  rejected: ({ event }) => event === 'start_rejected',
  unresolved: ({ event }) => event === 'start_unresolved',
  expired: ({ event }) => event === 'start_expired',
  skipped: ({ event }) => event === 'start_skipped',
  adopted: ({ event }) => event === 'execution_adopted',
  retried: ({ event }) => event === 'firing_retried',
  'expired in doubt': ({ event, message }) =>
    event === 'start_unresolved' && /deadline has passed|: Not started by/.test(String(message)),
  buffered: ({ event }) => event === 'start_buffered',
  cancelled: ({ event }) => event === 'overlap_cancelled',
};

/** How often the histories behind a log came to each state and path. */
export function reachedIn(log: readonly LogEntry[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(WITNESSES).map(([name, isWitness]) => [name, log.filter(isWitness).length]),
  );
}
