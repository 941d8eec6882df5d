import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Expectation } from '../../../lambda/firing/policy.ts';
import { type ServerAnswers, startVerdictWorld, type VerdictWorld } from '../../support/verdict.ts';

let world: VerdictWorld;
beforeAll(async () => {
  world = await startVerdictWorld();
});
afterAll(() => world.stop());

/** The latest status, with these numbers. */
const status = (changes: object): ServerAnswers => ({ status: ['status', changes] });
/** Only the list has the execution, with these numbers. */
const listed = (changes: object, more: ServerAnswers = {}): ServerAnswers => ({
  status: ['status', { execution_id: 'another' }],
  list: ['list', changes],
  ...more,
});
const ended = (completed_calls: number, failed_calls: number, success_rate: number) =>
  status({ completed_calls, failed_calls, success_rate });
const UNTOLD = { total_calls: null, completed_calls: null, failed_calls: null };

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
  [
    'four of ten failed after they connected',
    listed({ connected_calls: 10, success_rate: 60 }),
    undefined,
    'failed',
    ['4 of 10 calls did not complete, none may fail unless expect says so.'],
  ],
  [
    'all completed without a duration',
    listed({ connected_calls: 0, success_rate: 100 }),
    undefined,
    'passed',
    [],
  ],
  [
    'the list tells a rate that no number of calls gives',
    listed({ success_rate: 66.7 }),
    { minSuccessRate: 60 },
    'passed',
    [],
  ],
  [
    'only the performance summary tells how many completed',
    { status: ['status', { ...UNTOLD, success_rate: null }], performance: 'performance-summary' },
    { maxFailedCalls: 3 },
    'failed',
    ['4 of 10 calls did not complete, at most 3 may fail.'],
  ],
  [
    'only the calls tell how many completed',
    { status: ['status', { ...UNTOLD, success_rate: null }], calls: 'calls' },
    { maxFailedCalls: 4 },
    'passed',
    [],
  ],
  [
    'nothing tells how many completed',
    status({ ...UNTOLD, success_rate: null }),
    undefined,
    'inconclusive',
    ['The server does not tell how many calls completed.'],
  ],
  [
    'only a good rate is told',
    status({ ...UNTOLD, success_rate: 95 }),
    { minSuccessRate: 90 },
    'passed',
    [],
  ],
  [
    'only a bad rate is told',
    status({ ...UNTOLD, success_rate: 85.5 }),
    { minSuccessRate: 90 },
    'failed',
    ['85.5 % of the calls completed, at least 90 % wanted.'],
  ],
  [
    'only a good rate is told, and no call may fail',
    status({ ...UNTOLD, success_rate: 95 }),
    undefined,
    'inconclusive',
    ['The server does not tell how many calls completed.'],
  ],
  [
    'only failed calls are told',
    status({ ...UNTOLD, failed_calls: 3, success_rate: null }),
    { maxFailedCalls: 2 },
    'failed',
    ['3 calls failed, at most 2 may fail.'],
  ],
  [
    'no call was made',
    status({ total_calls: 0, completed_calls: 0, failed_calls: 0, success_rate: 0 }),
    undefined,
    'inconclusive',
    ['No call was made, so nothing was tested.'],
  ],
  [
    'no call was made and a rate is wanted',
    status({ total_calls: 0, completed_calls: 0, failed_calls: 0, success_rate: 0 }),
    { minSuccessRate: 90, maxFailedCalls: 0 },
    'inconclusive',
    ['No call was made, so nothing was tested.'],
  ],
  [
    'the rate is 9500',
    status({ success_rate: 9500 }),
    { minSuccessRate: 90 },
    'inconclusive',
    ["The server's numbers make no sense: success_rate is 9500."],
  ],
  [
    'calls are -1',
    status({ failed_calls: -1 }),
    { maxFailedCalls: 0 },
    'inconclusive',
    ["The server's numbers make no sense: failed_calls is -1."],
  ],
  [
    'calls are 1e308',
    status({ total_calls: 1e308 }),
    undefined,
    'inconclusive',
    ["The server's numbers make no sense: total_calls is 1e+308."],
  ],
  [
    'calls are 2.5',
    status({ completed_calls: 2.5 }),
    undefined,
    'inconclusive',
    ["The server's numbers make no sense: completed_calls is 2.5."],
  ],
  [
    'more calls are over than there were',
    status({ completed_calls: 10, failed_calls: 2 }),
    undefined,
    'inconclusive',
    ["The server's numbers make no sense: 12 of 10 calls are over."],
  ],
  [
    'none were made and three completed',
    status({ total_calls: 0, completed_calls: 3 }),
    undefined,
    'inconclusive',
    ["The server's numbers make no sense: 3 of 0 calls are over."],
  ],
  [
    'numbers are words',
    status({ completed_calls: 'ten', failed_calls: [], success_rate: {} }),
    undefined,
    'inconclusive',
    ['The server does not tell how many calls completed.'],
  ],
  [
    'the execution failed',
    status({ status: 'failed' }),
    undefined,
    'failed',
    ['The execution failed.'],
  ],
  [
    'the execution failed with a reason',
    listed({ status: 'Failed', error_reason: 'Agent unreachable', success_rate: 0 }),
    undefined,
    'failed',
    [
      'The execution failed: Agent unreachable',
      '10 of 10 calls did not complete, none may fail unless expect says so.',
    ],
  ],
  [
    'it was cancelled',
    status({ status: 'cancelled', completed_calls: 2, failed_calls: 0 }),
    undefined,
    'inconclusive',
    ['The execution was cancelled.'],
  ],
  [
    'it was cancelled after too many calls had failed',
    status({ status: 'cancelled', completed_calls: 2, failed_calls: 3 }),
    { maxFailedCalls: 2 },
    'failed',
    ['The execution was cancelled.', '3 calls failed, at most 2 may fail.'],
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
