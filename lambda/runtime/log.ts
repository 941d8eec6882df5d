/** The level of each event word. docs/log-events.md explains them. */
export const LEVELS = {
  function_started: 'info',
  firing_recorded: 'info',
  firing_duplicated: 'info',
  execution_started: 'info',
  execution_adopted: 'info',
  firing_retried: 'info',
  api_key_reloaded: 'info',
  casing_accepted: 'info',
  sweep_finished: 'info',
  delivery_pinged: 'info',
  delivery_skipped: 'info',
  delivery_joined: 'info',
  event_joined: 'info',
  delivery_refused: 'warn',
  command_refused: 'warn',
  hand_over_failed: 'warn',
  known_executions_missed: 'warn',
  selection_mismatched: 'error',
  mismatch_cancelled: 'warn',
  mismatch_cancel_skipped: 'warn',
  mismatch_cancel_failed: 'error',
  execution_finished: 'info',
  execution_rejudged: 'info',
  cancel_requested: 'warn',
  reference_reset: 'info',
  execution_lost: 'error',
  execution_unfollowed: 'warn',
  schedule_missed: 'error',
  watch_failed: 'error',
  tell_failed: 'error',
  trigger_renamed: 'info',
  heartbeat_failed: 'warn',
  trigger_recovered: 'info',
  trigger_paused: 'error',
  trigger_resumed: 'info',
  budget_nearly_spent: 'warn',
  start_skipped: 'warn',
  start_buffered: 'info',
  overlap_cancelled: 'warn',
  overlap_cancel_failed: 'error',
  firings_counted: 'info',
  notification_sent: 'info',
  commit_status_set: 'info',
  commit_status_superseded: 'info',
  start_postponed: 'warn',
  start_unconfirmed: 'warn',
  resend_planned: 'warn',
  start_expired: 'error',
  start_rejected: 'error',
  start_unresolved: 'error',
  webhook_secret_rejected: 'error',
  advance_failed: 'error',
  webhook_failed: 'error',
} as const satisfies Record<string, 'info' | 'warn' | 'error'>;

/** The event words of the log: an interface that metric filters, alarms and people's queries rely on. */
export type LogEvent = keyof typeof LEVELS;

let measured: ReadonlySet<unknown> = new Set();

/** From now on, the entries of these triggers alone are `measured`, which the filters of their metrics look for. */
export function measure(triggers: readonly string[]): void {
  measured = new Set(triggers);
}

/** Whether a trigger has metrics of its own. */
export function isMeasured(trigger: unknown): boolean {
  return measured.has(trigger);
}

/** Writes one JSON object. Lambda's JSON log format nests it under `message` beside level and request id. */
export function log(event: LogEvent, fields: Readonly<Record<string, unknown>>): void {
  console[LEVELS[event]]({
    event,
    ...fields,
    ...(isMeasured(fields.trigger) && { measured: true }),
  });
}
