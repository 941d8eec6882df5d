import { expect, test } from 'vitest';
import type { Expectation } from '../../../lambda/firing/policy.ts';
import { type Finished, judge, type Reference } from '../../../lambda/follow/judge.ts';

const GOOD: Finished = {
  status: 'completed',
  totalCalls: 20,
  completedCalls: 19,
  failedCalls: 1,
  successRate: 95,
  evaluations: [{ name: 'Tone check', score: 88 }],
};
const BASELINE: Reference = {
  firing: 'nightly:command:before',
  successRate: 95,
  evaluations: [{ name: 'Tone check', score: 90 }],
};
const PREVIOUS = { noWorseThan: 'previous' } as const;

// what is finished, what is expected, verdict, reasons
const CASES: readonly (readonly [
  Partial<Finished>,
  Partial<Expectation> | undefined,
  string,
  readonly string[],
])[] = [
  [{}, undefined, 'passed', []],
  [
    { failedCalls: 20, completedCalls: 0, successRate: 0 },
    undefined,
    'failed',
    ['None of 20 calls ran to its end.'],
  ],
  [{ status: 'failed' }, undefined, 'failed', ['The execution failed.']],
  [
    { status: 'failed', errorReason: 'Agent unreachable' },
    undefined,
    'failed',
    ['The execution failed: Agent unreachable'],
  ],
  [{ status: 'cancelled' }, undefined, 'inconclusive', ['The execution was cancelled.']],
  [
    { totalCalls: 0, completedCalls: 0, failedCalls: 0, successRate: 0 },
    undefined,
    'inconclusive',
    ['No call was made, so nothing was tested.'],
  ],
  [
    { totalCalls: 0, completedCalls: 0, failedCalls: 0, successRate: 100 },
    { minSuccessRate: 90 },
    'passed',
    [],
  ],
  [{ totalCalls: 0, completedCalls: 3, failedCalls: 0 }, undefined, 'passed', []],
  [{}, { minSuccessRate: 95 }, 'passed', []],
  [
    { successRate: 94.96 },
    { minSuccessRate: 95 },
    'failed',
    ['Success rate 94.96 %, expected at least 95 %.'],
  ],
  [
    { successRate: 80 },
    { minSuccessRate: 90 },
    'failed',
    ['Success rate 80 %, expected at least 90 %.'],
  ],
  [{}, { maxFailedCalls: 1 }, 'passed', []],
  [{}, { maxFailedCalls: 0 }, 'failed', ['1 failed call, expected at most 0.']],
  [{ failedCalls: 3 }, { maxFailedCalls: 2 }, 'failed', ['3 failed calls, expected at most 2.']],
  [{}, { minEvaluation: { 'Tone check': 88 } }, 'passed', []],
  [
    {},
    { minEvaluation: { 'Tone check': 90 } },
    'failed',
    ['"Tone check" scored 88, expected at least 90.'],
  ],
  [
    {},
    { minEvaluation: { Accuracy: 90 } },
    'inconclusive',
    ['The evaluation "Accuracy" has no score.'],
  ],
  [
    { status: 'cancelled' },
    { maxFailedCalls: 0, minEvaluation: { Accuracy: 90 } },
    'failed',
    [
      'The execution was cancelled.',
      '1 failed call, expected at most 0.',
      'The evaluation "Accuracy" has no score.',
    ],
  ],
  [{ evaluations: [{ name: 'Tone check', score: 90 }] }, PREVIOUS, 'passed', []],
  [{}, { ...PREVIOUS, tolerance: 2 }, 'passed', []],
  [
    {},
    { ...PREVIOUS, tolerance: 1.5 },
    'failed',
    ['"Tone check" fell from 90 to 88 (tolerance 1.5); reference nightly:command:before.'],
  ],
  [
    { successRate: 94, evaluations: [] },
    PREVIOUS,
    'failed',
    [
      'Success rate fell from 95 to 94; reference nightly:command:before.',
      '"Tone check" cannot be compared: it has no score.',
    ],
  ],
];

test.each(CASES)('%j with %j is %s', (finished, expected, verdict, reasons) => {
  const expectation = expected && { tolerance: 0, ...expected };
  expect(judge({ ...GOOD, ...finished }, expectation, BASELINE)).toEqual({ verdict, reasons });
});

test.each([
  ['nothing is told', { status: 'completed' }, 'The server does not tell whether a call was made.'],
  [
    'only "no calls" is told',
    { status: 'completed', totalCalls: 0 },
    'No call was made, so nothing was tested.',
  ],
])('where %s, nothing passes', (_, finished, reason) => {
  expect(judge(finished, undefined, undefined)).toEqual({
    verdict: 'inconclusive',
    reasons: [reason],
  });
});

test('what the server does not tell is not taken for good', () => {
  const expectation = { minSuccessRate: 1, maxFailedCalls: 99, tolerance: 0 };
  expect(judge({ status: 'completed', totalCalls: 2 }, expectation, undefined)).toEqual({
    verdict: 'inconclusive',
    reasons: [
      'The server does not tell the success rate.',
      'The server does not tell how many calls failed.',
    ],
  });
});

test('failed calls are reckoned where the server only tells the completed ones', () => {
  const finished = { status: 'completed', totalCalls: 10, completedCalls: 7 };
  expect(judge(finished, { maxFailedCalls: 2, tolerance: 0 }, undefined).reasons).toEqual([
    '3 failed calls, expected at most 2.',
  ]);
});

test('without a reference nothing is worse', () => {
  expect(judge(GOOD, { ...PREVIOUS, tolerance: 0 }, undefined).verdict).toBe('passed');
});
