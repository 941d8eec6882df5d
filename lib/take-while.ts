/** The values before the first that does not fit, of which there may be endlessly many. */
export function takeWhile<T>(values: Iterable<T>, fits: (value: T, index: number) => boolean): T[] {
  const taken: T[] = [];
  for (const value of values) {
    if (!fits(value, taken.length)) break;
    taken.push(value);
  }
  return taken;
}
