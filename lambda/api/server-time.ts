/** A `Date` that is further off comes from a cache or a broken clock, and tells nothing about when something began. */
const MOST_SKEW_MS = 3_600_000;

/** The server's clock as its `Date` header shows it, in whole seconds; undefined when there is none to rely on. */
export function serverTime(date: string | undefined, now: Date): Date | undefined {
  const time = Date.parse(date ?? '');
  return Math.abs(time - now.getTime()) <= MOST_SKEW_MS ? new Date(time) : undefined;
}
