/** Names and messages of others, so that they look like no line of ours. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** `Wed 2026-11-25 02:00`, as the clocks of the zone show it. */
export function clockTime(time: Date, timeZone: string): string {
  const weekday = formatIn('en-GB', { timeZone, weekday: 'short' }).format(time);
  return `${weekday} ${dateTime(time, timeZone)}`;
}

/** `2026-11-25 02:00`, with seconds where they are asked for. */
export function dateTime(time: Date, timeZone: string, withSeconds = false): string {
  const timeStyle = withSeconds ? 'medium' : 'short';
  return formatIn('sv-SE', { timeZone, dateStyle: 'short', timeStyle }).format(time);
}

/** `24 Nov 02:00`, of another year `24 Nov 2025`, as the clocks of the zone show it. */
export function dayTime(time: Date, timeZone: string, now: Date): string {
  const isThisYear = dateTime(time, timeZone).slice(0, 4) === dateTime(now, timeZone).slice(0, 4);
  return formatIn('en-GB', {
    timeZone,
    day: '2-digit',
    month: 'short',
    ...(isThisYear
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { year: 'numeric' }),
  })
    .format(time)
    .replaceAll(',', '');
}

/** Each is kept: to make one takes longer than a hundred uses. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** At most `length` characters; what is left out shows as an ellipsis. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}

/** An IANA name such as Europe/Berlin: that of the variable TZ, else the machine's. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** As a shell reads it back: quoted where it has more than letters, digits and the signs of paths. Pure. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
