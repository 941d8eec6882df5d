/** Counts of calls, `successes` ≤ `of`. */
export interface Share {
  readonly successes: number;
  readonly of: number;
}

/** Each score with the number of times that it was given. */
export type Scores = readonly (readonly [score: number, times: number])[];

/**
 * Fisher's exact test, one-sided: how likely `now` would have so few successes or fewer by chance, were the true rate
 * the same as in `before`. Both `of` are at least 1.
 */
export function fisherFewer(now: Share, before: Share): number {
  const successes = now.successes + before.successes;
  const failures = now.of + before.of - successes;
  const all = logChoose(now.of + before.of, now.of);
  let sum = 0;
  let last = 0;
  for (let x = now.successes; x >= Math.max(0, now.of - failures); x -= 1) {
    const term = Math.exp(logChoose(successes, x) + logChoose(failures, now.of - x) - all);
    sum += term;
    if (term < last && term < sum * NEGLIGIBLE) break;
    last = term;
  }
  return Math.min(sum, 1);
}

/** Beyond such a term, the others change nothing that a double can hold. */
const NEGLIGIBLE = 1e-17;

/** The natural logarithms of 0! to 255!. */
const LOG_FACTORIALS = Array.from({ length: 256 }, (_, n) =>
  Array.from({ length: n }, (__, i) => Math.log(i + 1)).reduce((sum, log) => sum + log, 0),
);

/** By Stirling's series beyond the table, whose error is then less than 1e-15. */
function logFactorial(n: number): number {
  const series =
    (n + 0.5) * Math.log(n) - n + Math.log(2 * Math.PI) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  return LOG_FACTORIALS[n] ?? series;
}

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/**
 * The rank test of Mann and Whitney, one-sided: how likely the scores `now` would be so low by chance, were they drawn
 * as those `before`. By the normal approximation with the correction for ties and for continuity.
 */
export function rankedLower(now: Scores, before: Scores): number {
  const [n, m] = [timesOf(now), timesOf(before)];
  const all = n + m;
  const levels = new Set([...now, ...before].map(([score]) => score));
  let rankSum = 0;
  let ties = 0;
  let below = 0;
  for (const level of [...levels].toSorted((a, b) => a - b)) {
    const [mine, theirs] = [timesAt(now, level), timesAt(before, level)];
    const tied = mine + theirs;
    rankSum += mine * (below + (tied + 1) / 2);
    ties += tied ** 3 - tied;
    below += tied;
  }
  const u = rankSum - (n * (n + 1)) / 2;
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  return variance > 0 ? normalBelow((u - (n * m) / 2 + 0.5) / Math.sqrt(variance)) : 1;
}

/** How many calls have a score. */
export function timesOf(scores: Scores): number {
  return scores.reduce((sum, [, times]) => sum + times, 0);
}

/** The mean of at least one score. */
export function meanOf(scores: Scores): number {
  return scores.reduce((sum, [score, times]) => sum + score * times, 0) / timesOf(scores);
}

function timesAt(scores: Scores, level: number): number {
  return timesOf(scores.filter(([score]) => score === level));
}

/**
 * The standard normal distribution below `z`, by the approximation 26.2.17 of Abramowitz and Stegun's "Handbook of
 * Mathematical Functions"; its error is less than 7.5e-8.
 */
function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const terms = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const polynomial = terms.reduceRight((sum, term) => (sum + term) * t, 0);
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
  return z < 0 ? tail : 1 - tail;
}
