import type { Temporal } from 'temporal-polyfill';

/**
 * The instant at which the clocks of `timezone` show `local`: nothing when they skip it, the first of the
 * two when they show it twice (EventBridge Scheduler User Guide, "Daylight savings time").
 */
export function instantOf(
  local: Temporal.PlainDateTime,
  timezone: string,
): Temporal.Instant | undefined {
  const zoned = local.toZonedDateTime(timezone, { disambiguation: 'earlier' });
  return zoned.toPlainDateTime().equals(local) ? zoned.toInstant() : undefined;
}
