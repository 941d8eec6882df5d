import { expect, test } from 'vitest';
import type { Firing } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import type { Expectation } from '../../lambda/firing/policy.ts';
import type { Run } from '../../lambda/follow/run.ts';
import { comparisonOf } from '../../lib/views/comparison.ts';
import { NIGHTLY } from '../support/fixture.ts';

const AT = new Date('2026-11-24T02:00:00Z');

function firing(expect: Expectation): Firing {
  const cause = { kind: 'command', requestId: 'one' } as const;
  const { nextCheckAt: _, ...due } = newFiring({ trigger: 'nightly', cause, at: AT }, NIGHTLY, AT);
  const sentAt = AT.toISOString();
  return {
    ...due,
    policy: { ...due.policy, expect },
    runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
    state: 'completed',
    sentAt,
    attempts: [{ sentAt }],
    execution: { id: 'e', status: 'completed' },
    result: {
      verdict: 'passed',
      reasons: [],
      status: 'completed',
      finishedAt: '2026-11-24T02:15:00.000Z',
      totalCalls: 10,
      completedCalls: 9,
      evaluations: [{ name: 'Tone', score: 80 }, { name: 'New' }],
    },
  };
}

const run = (day: number, completed: number, tone: number): Run => ({
  firing: `nightly:${day}`,
  finishedAt: `2026-11-${day}T02:15:00.000Z`,
  verdict: 'passed',
  completed,
  of: 10,
  evaluations: [{ name: 'Tone', scores: [[tone, completed]] }],
});
const RUNS = [
  run(21, 10, 90),
  { ...run(22, 1, 10), isWorse: true as const },
  run(23, 10, 92),
  run(25, 0, 0),
];

test('without a comparison, the run before stands beside what is expected', () => {
  const shown = comparisonOf(firing({ minEvaluation: { Tone: 75 } }), RUNS);
  expect(shown).toEqual({
    rows: [
      {
        what: 'calls completed',
        shown: '9 of 10 (90 %)',
        expected: 'all of them',
        before: '10 of 10 (100 %)',
      },
      { what: 'Tone', shown: '80', expected: 'at least 75', before: '92' },
      { what: 'New', shown: 'no score', expected: undefined, before: undefined },
    ],
    runs: [{ firing: 'nightly:23', finishedAt: '2026-11-23T02:15:00.000Z', verdict: 'passed' }],
  });
});

test('a run that is compared stands beside all that it was compared with', () => {
  const expectation = { minSuccessRate: 80, noWorseThan: { runs: 5, tolerance: 3 } };
  const { rows = [], runs = [] } = comparisonOf(firing(expectation), RUNS) ?? {};
  expect(rows.slice(0, 2)).toMatchObject([
    { expected: 'at least 80 %, worse by 3 points at most', before: '20 of 20 (100 %)' },
    { expected: 'worse by 3 points at most', before: '91' },
  ]);
  expect(runs.map((one) => one.firing)).toEqual(['nightly:23', 'nightly:21']);
});
