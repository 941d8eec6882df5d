/** `Tue 2026-11-24 03:00 Europe/Berlin (02:00 UTC)`; the date is repeated where it differs. */
export function timeText(iso: string, timezone: string): string {
  const [utc = '', there = ''] = ['UTC', timezone].map((timeZone) => localText(iso, timeZone));
  const weekday = new Date(iso).toLocaleString('en-GB', { timeZone: timezone, weekday: 'short' });
  if (utc === there) return `${weekday} ${utc} UTC`;
  const short = there.slice(0, 10) === utc.slice(0, 10) ? utc.slice(11) : utc;
  return `${weekday} ${there} ${timezone} (${short} UTC)`;
}

/** The text with its times of day in UTC, as ISO 8601 with milliseconds, as `2026-11-24 03:00 Europe/Berlin`. Pure. */
export function withLocalTimes(text: string, timezone: string): string {
  return text.replace(
    /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g,
    (iso) => `${localText(iso, timezone)} ${timezone}`,
  );
}

/** Swedish writes times as ISO 8601 does. */
function localText(iso: string, timeZone: string): string {
  return new Date(iso).toLocaleString('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
}
