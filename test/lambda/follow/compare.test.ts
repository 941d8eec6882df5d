import { expect, test } from 'vitest';
import type { Expectation } from '../../../lambda/firing/policy.ts';
import { compare } from '../../../lambda/follow/compare.ts';
import type { Counts, Measured, Run } from '../../../lambda/follow/run.ts';

const pool = (runs: number, completed: number, of: number, more: Partial<Run> = {}): Run[] =>
  Array.from({ length: runs }, (_, index) => ({
    firing: `nightly:command:${index}`,
    finishedAt: `2026-11-${10 + index}T02:12:00.000Z`,
    verdict: 'passed',
    completed,
    of,
    evaluations: [],
    ...more,
  }));
const now = (completed: number, of: number, more: Partial<Counts> = {}) => ({
  completed,
  of,
  evaluations: [],
  silent: [],
  ...more,
});
const passFail = (name: string, passed: number, failed: number): Measured => ({
  name,
  scores: [
    [100, passed],
    [0, failed],
  ],
});
const within = (tolerance = 0, runs = 10): Expectation => ({ noWorseThan: { runs, tolerance } });
const reasons = ({ faults }: ReturnType<typeof compare>) => faults.map(({ reason }) => reason);

test('without an earlier run nothing is worse', () => {
  expect(compare(now(1, 20), [], within())).toEqual({
    faults: [],
    notes: ['There is no earlier run to compare with.'],
  });
});

test('a fall that chance does not explain is a failure, with its numbers', () => {
  expect(compare(now(14, 20), pool(10, 18, 20), within())).toEqual({
    faults: [
      {
        kind: 'failed',
        reason:
          '14 of 20 calls completed (70 %), fewer than in the last 10 runs (180 of 200, 90 %); by chance that happens in 1.9 % of runs.',
      },
    ],
    notes: [
      'Compared with the last 10 runs (180 of 200, 90 %): 20 calls can show a fall to 14 completed or fewer, not a smaller one.',
    ],
  });
});

test('a fall that chance explains passes, with what the calls can show', () => {
  expect(compare(now(8, 10), pool(10, 9, 10), within())).toEqual({
    faults: [],
    notes: [
      'Compared with the last 10 runs (90 of 100, 90 %): 10 calls can show a fall to 6 completed or fewer, not a smaller one.',
    ],
  });
});

test('few calls show nothing, and that is said', () => {
  expect(compare(now(0, 2), pool(1, 2, 2), within()).notes).toEqual([
    'Compared with the run before (2 of 2, 100 %): 2 calls cannot show any fall.',
  ]);
});

// completed of 100 after 90 of 100 ten times, tolerance, whether it is worse
test.each([
  [80, 10, false],
  [79, 10, true],
  [80, 9.99, true],
  [84, 0, false],
  [83, 0, true],
])('%i of 100 with a tolerance of %f', (completed, tolerance, isWorse) => {
  const { faults } = compare(now(completed, 100), pool(10, 90, 100), within(tolerance));
  expect(faults.length > 0).toBe(isWorse);
});

test('a fall of exactly the tolerance passes for every pair of whole percentages', () => {
  for (let before = 1; before <= 100; before += 1) {
    for (let fall = 1; fall <= before; fall += 1) {
      const after = before - fall;
      const runs = pool(1, before * 10, 1000);
      const isWorse = (tolerance: number) =>
        compare(now(after, 100), runs, within(tolerance)).faults.length > 0;
      expect([before, after, isWorse(fall)]).toEqual([before, after, false]);
    }
  }
});

test('only the last runs are compared with, and none that was worse', () => {
  const old = pool(10, 20, 20, { finishedAt: '2026-10-01T00:00:00.000Z' });
  const worse = pool(1, 0, 20, { isWorse: true });
  expect(compare(now(14, 20), [...old, ...pool(3, 14, 20), ...worse], within(0, 3)).notes).toEqual([
    'Compared with the last 3 runs (42 of 60, 70 %): 20 calls can show a fall to 9 completed or fewer, not a smaller one.',
  ]);
});

const scenario = (id: string, completed: number, of: number) => ({
  id,
  name: id.toUpperCase(),
  completed,
  of,
  passed: completed,
  evaluations: [],
});

test('only the scenarios that both have are compared', () => {
  const earlier = pool(10, 20, 20, { scenarios: [scenario('a', 10, 10), scenario('old', 0, 10)] });
  const current = now(10, 20, { scenarios: [scenario('a', 10, 10), scenario('new', 0, 10)] });
  expect(compare(current, earlier, within())).toEqual({
    faults: [],
    notes: [
      'Compared with the last 10 runs (100 of 100, 100 %): 10 calls can show a fall to 8 completed or fewer, not a smaller one.',
      'Only in this run, so not compared: "NEW".',
    ],
  });
});

test('evaluations are compared by their counts, each more strictly because there are several', () => {
  const earlier = pool(10, 20, 20, {
    evaluations: [passFail('Tone check', 18, 2), passFail('Accuracy', 18, 2)],
  });
  const evaluations = [passFail('Tone check', 13, 7), passFail('Accuracy', 14, 6)];
  expect(reasons(compare(now(20, 20, { evaluations }), earlier, within()))).toEqual([
    '"Tone check" scored 65 in 20 calls, less than in the last 10 runs (90 in 200 calls); by chance that happens in 0.5 % of runs.',
  ]);
});

test('of some evaluations less is better', () => {
  const earlier = pool(10, 20, 20, { evaluations: [passFail('Made-up facts', 1, 19)] });
  const current = now(20, 20, { evaluations: [passFail('Made-up facts', 8, 12)] });
  const reason =
    '"Made-up facts" scored 40 in 20 calls, more than in the last 10 runs (5 in 200 calls); by chance that happens in less than 0.1 % of runs.';
  const wanted = { maxEvaluation: { 'Made-up facts': 50 }, ...within() };
  expect(reasons(compare(current, earlier, wanted))).toEqual([reason]);
  expect(
    reasons(compare(current, earlier, { lowerIsBetter: ['Made-up facts'], ...within() })),
  ).toEqual([reason]);
  expect(reasons(compare(current, earlier, within()))).toEqual([]);
});

test('scores are compared by their ranks', () => {
  const scored = (...scores: Measured['scores']): Measured => ({ name: 'Politeness', scores });
  const earlier = pool(10, 20, 20, { evaluations: [scored([80, 10], [90, 10])] });
  const lower = now(20, 20, { evaluations: [scored([60, 10], [80, 5], [90, 5])] });
  expect(reasons(compare(lower, earlier, within()))).toEqual([
    '"Politeness" scored 72.5 in 20 calls, less than in the last 10 runs (85 in 200 calls); by chance that happens in less than 0.1 % of runs.',
  ]);
  const same = now(20, 20, { evaluations: [scored([80, 11], [90, 9])] });
  expect(reasons(compare(same, earlier, within()))).toEqual([]);
});

test('an evaluation that is renamed or ignored is not compared; one without a score is unclear', () => {
  const earlier = pool(10, 20, 20, {
    evaluations: [passFail('Old name', 20, 0), passFail('Silent', 20, 0), passFail('Draft', 20, 0)],
  });
  const evaluations = [passFail('New name', 0, 20), passFail('Draft', 0, 20)];
  const current = now(20, 20, { evaluations });
  const expectation = { ...within(), ignoreEvaluations: ['Draft'] };
  expect(compare({ ...current, silent: ['Silent'] }, earlier, expectation)).toEqual({
    faults: [
      {
        kind: 'unclear',
        reason: '"Silent" has no score in this run, so it cannot be compared.',
      },
    ],
    notes: [
      'Compared with the last 10 runs (200 of 200, 100 %): 20 calls can show a fall to 18 completed or fewer, not a smaller one.',
      'Only in this run, so not compared: "New name".',
      'Only in earlier runs, so not compared: "Old name".',
    ],
  });
});

test('a hundred thousand calls are compared in no time', () => {
  const [first] = compare(now(89_000, 100_000), pool(50, 90_000, 100_000), within()).notes;
  expect(first).toBe(
    'Compared with the last 10 runs (900000 of 1000000, 90 %): 100000 calls can show a fall to 89835 completed or fewer, not a smaller one.',
  );
});
