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

const UNTOLD = { total_calls: null, completed_calls: null, failed_calls: null };

type Row = readonly [
  what: string,
  answers: ServerAnswers,
  expect: Expectation | undefined,
  verdict: string,
  reasons: readonly string[],
];

/** What the server tells of the calls, in each of its ways and in none. */
const ROWS: readonly Row[] = [
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
