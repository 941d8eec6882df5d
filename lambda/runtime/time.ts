/** May be a fraction, or negative. Pure. */
export function addMinutes(time: Date, minutes: number): Date {
  return addMs(time, minutes * 60_000);
}

/** May be negative. Pure. */
export function addMs(time: Date, ms: number): Date {
  return new Date(time.getTime() + ms);
}
