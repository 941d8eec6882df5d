/** Names and messages of others, so that they look like no line of ours. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** `Wed 2026-11-25 02:00`, as the clocks of the zone show it. */
export function clockTime(time: Date, timeZone: string): string {
  const weekday = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' }).format(time);
  return `${weekday} ${dateTime(time, timeZone)}`;
}

/** `2026-11-25 02:00`, with seconds where they are asked for. */
export function dateTime(time: Date, timeZone: string, withSeconds = false): string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: withSeconds ? 'medium' : 'short',
  });
  return format.format(time);
}

/** The zone of the person at the terminal. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
