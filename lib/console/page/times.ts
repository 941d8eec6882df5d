/** The zone of the person at the browser. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `Wed 25 Nov, 02:00:13`, in another year with its number, as the clocks of the zone show it. */
export function timeIn(time: string, timeZone: string, withSeconds = false): string {
  const isThisYear = time.startsWith(String(new Date().getUTCFullYear()));
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    ...(!isThisYear && { year: 'numeric' }),
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds && { second: '2-digit' }),
    hourCycle: 'h23',
  }).format(new Date(time));
}

/** `in 6 hours`, `3 days ago`. */
export function fromNow(time: string, now = Date.now()): string {
  const minutes = Math.round((Date.parse(time) - now) / 60_000);
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return minutes === 0 ? 'now' : format.format(minutes, 'minute');
  if (Math.abs(minutes) < 48 * 60) return format.format(Math.round(minutes / 60), 'hour');
  const days = Math.round(minutes / 1440);
  if (Math.abs(days) < 365) return format.format(days, 'day');
  return format.format(Math.round(days / 365), 'year');
}
