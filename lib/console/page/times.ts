/** The zone of the person at the browser. */
export const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Making one takes a hundred times as long as using it, and a list has hundreds of times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = Object.values(options).join();
  const known = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', options);
  formats.set(key, known);
  return known;
}

/** `Wed 25 Nov, 02:00:13`, in another year with its number, as the clocks of the zone show it. */
export function timeIn(time: string, timeZone: string, withSeconds = false): string {
  const isThisYear = time.startsWith(String(new Date().getUTCFullYear()));
  return format({
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

/** `Wed 25`, of a date without a time. */
export function dayText(date: string): string {
  return format({ timeZone: 'UTC', weekday: 'short', day: 'numeric' }).format(new Date(date));
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `in 6 hours`, `3 days ago`. */
export function fromNow(time: string, now = Date.now()): string {
  const minutes = Math.round((Date.parse(time) - now) / 60_000);
  if (Math.abs(minutes) < 60) return minutes === 0 ? 'now' : relative.format(minutes, 'minute');
  if (Math.abs(minutes) < 48 * 60) return relative.format(Math.round(minutes / 60), 'hour');
  const days = Math.round(minutes / 1440);
  if (Math.abs(days) < 365) return relative.format(days, 'day');
  return relative.format(Math.round(days / 365), 'year');
}

/** A time as a field for date and time holds it, in the person's zone; empty without one. */
export function ownTime(time: string | undefined): string {
  if (time === undefined || Number.isNaN(Date.parse(time))) return '';
  const date = new Date(time);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
