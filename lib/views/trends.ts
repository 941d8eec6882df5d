import type { Expectation } from '../../lambda/firing/policy.ts';
import { isLessBetter } from '../../lambda/follow/expected.ts';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';

/** What the runs of a trigger showed in one respect, from 0 to 100. */
export interface Trend {
  readonly of: 'calls' | 'evaluation';
  /** `success rate`, or that of the evaluation. */
  readonly name: string;
  /** Oldest first. */
  readonly values: readonly number[];
  /** By so many points, the last runs are worse than those before them. */
  readonly fell?: number;
}

/** A single worse run is not a trend, three of them are. */
const LAST_RUNS = 3;
const LEAST_FALL = 5;

/** The trends of the newest `most` runs: the success rate first, then the evaluations, those that fell most first. Pure. */
export function trendsOf(
  firings: readonly ListedFiring[],
  expect: Expectation = {},
  most = 30,
): Trend[] {
  const results = firings
    .flatMap(({ result }) => result ?? [])
    .slice(0, most)
    .toReversed();
  const rates = results.flatMap(({ successRate }) => successRate ?? []);
  const scores = results.flatMap(({ evaluations = [] }) =>
    evaluations.flatMap(({ name, score }) => (score === undefined ? [] : [{ name, score }])),
  );
  const evaluations = [...Map.groupBy(scores, ({ name }) => name)].map(([name, own]) =>
    trend(
      { of: 'evaluation', name, values: own.map(({ score }) => score) },
      isLessBetter(name, expect),
    ),
  );
  return [
    ...(rates.length > 0
      ? [trend({ of: 'calls', name: 'success rate', values: rates }, false)]
      : []),
    ...evaluations.toSorted((a, b) => (b.fell ?? 0) - (a.fell ?? 0)),
  ];
}

function trend(told: Trend, isLess: boolean): Trend {
  const { values } = told;
  const [earlier, last] = [values.slice(0, -LAST_RUNS), values.slice(-LAST_RUNS)];
  if (earlier.length === 0) return told;
  const change = meanOf(last) - meanOf(earlier);
  const fell = Math.round(isLess ? change : -change);
  return fell >= LEAST_FALL ? { ...told, fell } : told;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
