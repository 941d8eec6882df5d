import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Expectation } from '../../../lambda/firing/policy.ts';
import {
  listed,
  type ServerAnswers,
  startVerdictWorld,
  status,
  type VerdictWorld,
} from '../../support/verdict.ts';

let world: VerdictWorld;
beforeAll(async () => {
  world = await startVerdictWorld();
});
afterAll(() => world.stop());

const ended = (completed_calls: number, failed_calls: number, success_rate: number) =>
  status({ completed_calls, failed_calls, success_rate });

type Row = readonly [
  what: string,
  answers: ServerAnswers,
  expect: Expectation | undefined,
  verdict: string,
  reasons: readonly string[],
];

const ROWS: readonly Row[] = [
  ['all calls complete', {}, undefined, 'passed', []],
  ['all calls complete, in capitals', status({ status: 'COMPLETED' }), undefined, 'passed', []],
  ['all calls complete, by the list', listed({}), undefined, 'passed', []],
  [
    'all calls complete, by the documented list',
    { status: ['status', { execution_id: 'another' }], list: 'list-documented' },
    undefined,
    'passed',
    [],
  ],
  [
    'nine of ten fail and nothing is expected',
    ended(1, 9, 10),
    undefined,
    'failed',
    ['9 of 10 calls did not complete, none may fail unless expect says so.'],
  ],
  [
    'one of ten fails and only an evaluation is expected',
    ended(9, 1, 90),
    { minEvaluation: { 'Tone check': 80 } },
    'failed',
    ['1 of 10 calls did not complete, none may fail unless expect says so.'],
  ],
  [
    'one of ten fails and runs are compared',
    ended(9, 1, 90),
    { noWorseThan: { runs: 10, tolerance: 0 } },
    'passed',
    [],
  ],
  [
    'no call completes',
    ended(0, 10, 0),
    { maxFailedCalls: 10 },
    'failed',
    ['0 of 10 calls completed.'],
  ],
  [
    'three complete and seven were never made',
    status({ completed_calls: 3, failed_calls: 0, success_rate: 30 }),
    { maxFailedCalls: 0 },
    'failed',
    ['7 of 10 calls did not complete (7 never ended), at most 0 may fail.'],
  ],
  [
    'some fail and some were never made',
    status({ completed_calls: 3, failed_calls: 4, success_rate: 30 }),
    undefined,
    'failed',
    ['7 of 10 calls did not complete (3 never ended), none may fail unless expect says so.'],
  ],
  ['as many fail as may', ended(8, 2, 80), { maxFailedCalls: 2 }, 'passed', []],
  [
    'one more fails than may',
    ended(7, 3, 70),
    { maxFailedCalls: 2 },
    'failed',
    ['3 of 10 calls did not complete, at most 2 may fail.'],
  ],
  ['the rate is exactly as wanted', ended(9, 1, 90), { minSuccessRate: 90 }, 'passed', []],
  [
    'the rate is less than wanted',
    ended(5, 5, 50),
    { minSuccessRate: 90 },
    'failed',
    ['5 of 10 calls completed (50 %), at least 90 % wanted.'],
  ],
  [
    'two of three, and 66.67 is wanted',
    status({
      total_calls: 3,
      completed_calls: 2,
      failed_calls: 1,
      success_rate: 66.66666666666667,
    }),
    { minSuccessRate: 66.67 },
    'passed',
    [],
  ],
  [
    'two of three by the list, and 66.67 is wanted',
    listed({ calls: 3, success_rate: 66.7 }),
    { minSuccessRate: 66.67 },
    'passed',
    [],
  ],
  [
    'two of three, and 66.68 is wanted',
    listed({ calls: 3, success_rate: 66.7 }),
    { minSuccessRate: 66.68 },
    'failed',
    ['2 of 3 calls completed (66.67 %), at least 66.68 % wanted.'],
  ],
  [
    '29 of 100, and 29 is wanted',
    status({
      total_calls: 100,
      completed_calls: 29,
      failed_calls: 71,
      success_rate: 28.999999999999996,
    }),
    { minSuccessRate: 29 },
    'passed',
    [],
  ],
  [
    'rate and number are both missed',
    ended(5, 5, 50),
    { minSuccessRate: 90, maxFailedCalls: 2 },
    'failed',
    [
      '5 of 10 calls completed (50 %), at least 90 % wanted.',
      '5 of 10 calls did not complete, at most 2 may fail.',
    ],
  ],
];

test.each(ROWS)('where %s', async (_, answers, expectation, verdict, reasons) => {
  const result = await world.judge(answers, expectation);
  expect({ verdict: result.verdict, reasons: result.reasons }).toEqual({ verdict, reasons });
});

test('a run that passes is not asked for its calls', async () => {
  expect(await world.judge({})).toMatchObject({ verdict: 'passed', successRate: 100 });
  expect(world.reads).toEqual([
    '/simulate/run-tests/ID/status/',
    '/simulate/run-tests/ID/eval-summary/?execution_id=ID',
  ]);
});

test('calls that cannot be read are told as a note, and the verdict stands', async () => {
  expect(await world.judge(ended(5, 5, 50))).toMatchObject({
    verdict: 'failed',
    notes: ['The calls cannot be read: no answer (404) (HTTP 404).'],
  });
});
