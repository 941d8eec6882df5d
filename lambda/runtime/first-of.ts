/** As many names as a person reads. */
const MOST_NAMED = 20;

/** The first `most` of a list for a person, and behind them how many more there are: `and 3 more`. */
export function firstOf(texts: readonly string[], most = MOST_NAMED): string[] {
  const more = texts.length - most;
  return more > 0 ? [...texts.slice(0, most), `and ${more} more`] : [...texts];
}
