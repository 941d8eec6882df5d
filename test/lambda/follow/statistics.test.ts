import { expect, test } from 'vitest';
import { fisherFewer, rankedLower, type Scores } from '../../../lambda/follow/statistics.ts';

// successes of, before: successes of, probability
test.each([
  // Fisher, "The Design of Experiments", 1935: the lady tasting tea. 1/70 and 17/70.
  [0, 4, 4, 4, 0.014286],
  [1, 4, 3, 4, 0.242857],
  // Fisher, "The Logic of Inductive Inference", 1935: convictions of twins, 2 of 17 against 10 of 13: 619/1330665.
  [2, 17, 10, 13, 0.000465],
  [0, 1, 1, 1, 0.5],
  [5, 5, 5, 5, 1],
  [10, 10, 50, 100, 1],
  [15, 20, 180, 200, 0.059205],
  [14, 20, 180, 200, 0.018554],
  [300, 300, 15_000, 15_000, 1],
])(
  '%i of %i is as few as that by chance, after %i of %i, with a probability of %f',
  (now, of, before, total, expected) => {
    const probability = fisherFewer({ successes: now, of }, { successes: before, of: total });
    expect(probability).toBeCloseTo(expected, 6);
  },
);

const scores = (...values: number[]): Scores => values.map((value) => [value, 1]);

// now, before, probability
test.each([
  // Mann and Whitney's table of 1947: U = 2 with n = m = 5 has an exact probability of 0.016, U = 0 one of 0.004.
  [scores(1, 2, 3, 4, 7), scores(5, 6, 8, 9, 10), 0.0184],
  [scores(1, 2, 3, 4, 5), scores(6, 7, 8, 9, 10), 0.0061],
  [scores(5, 6, 8, 9, 10), scores(1, 2, 3, 4, 7), 0.9891],
  [[[80, 10]], [[80, 100]], 1],
] as const)(
  'the scores %j are as low as that, after %j, with a probability of %f',
  (now, before, expected) => {
    expect(rankedLower(now, before)).toBeCloseTo(expected, 3);
  },
);
