import { distance } from 'fastest-levenshtein';

/** ` - did you mean "x"?` for the known word that is near enough to be a slip, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : ` - did you mean "${near}"?`;
}

/** The known word that is near enough to be a slip. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.slice(0, 100).toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, far: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  return best && best.far <= Math.max(2, best.candidate.length / 3) ? best.candidate : undefined;
}
