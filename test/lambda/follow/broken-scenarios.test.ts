import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../../support/verdict.ts';
import { startVerdictWorld, type VerdictWorld } from '../../support/verdict.ts';

let world: VerdictWorld;
beforeAll(async () => {
  world = await startVerdictWorld();
});
afterAll(() => world.stop());

const SIX_OF_TEN: Answer = ['status', { completed_calls: 6, failed_calls: 4, success_rate: 60 }];
const THREE_OF_TEN: Answer = ['status', { completed_calls: 3, failed_calls: 7, success_rate: 30 }];

test('a run that did not pass tells which scenarios broke, why, and what they did before', async () => {
  const expectation = { minSuccessRate: 90, minEvaluation: { 'Tone check': 80 } };
  expect((await world.judge({}, expectation, 'nightly')).verdict).toBe('passed');
  const result = await world.judge({ status: SIX_OF_TEN, calls: 'calls' }, expectation, 'nightly');
  expect(result).toMatchObject({
    verdict: 'failed',
    reasons: [
      '6 of 10 calls completed (60 %), at least 90 % wanted.',
      'Passed: Refund 0/3, Declined card 2/4 (both passed in the run before).',
      'Refund: 2 calls ended with "silence-timed-out"; "Tone check" failed 1 call (The agent interrupts the caller.).',
      'Declined card: 2 calls ended with "assistant-error".',
    ],
    costCents: 88,
  });
  expect(result.scenarios).toEqual([
    {
      name: 'Refund',
      passed: 0,
      of: 3,
      endedReasons: [{ reason: 'silence-timed-out', calls: 2 }],
      failedEvaluations: [
        { name: 'Tone check', calls: 1, reason: 'The agent interrupts the caller.' },
      ],
      costCents: 20,
    },
    {
      name: 'Declined card',
      passed: 2,
      of: 4,
      endedReasons: [{ reason: 'assistant-error', calls: 2 }],
      costCents: 32,
    },
  ]);
  expect(world.reads.filter((path) => path.includes('test-executions'))).toEqual([
    '/simulate/test-executions/ID/?page=1&limit=20',
  ]);
});

test('an evaluation that nothing expects breaks no scenario', async () => {
  const result = await world.judge({ status: SIX_OF_TEN, calls: 'calls' }, { minSuccessRate: 90 });
  expect(result.reasons[1]).toBe('Passed: Refund 1/3, Declined card 2/4.');
});

test('what broke again was broken before', async () => {
  const answers = { status: SIX_OF_TEN, calls: 'calls' };
  await world.judge(answers, { minSuccessRate: 90 }, 'twice');
  const { reasons } = await world.judge(answers, { minSuccessRate: 90 }, 'twice');
  expect(reasons[1]).toBe('Passed: Refund 1/3, Declined card 2/4.');
});

test('an empty account is no bad agent', async () => {
  const answers = { status: THREE_OF_TEN, calls: 'calls-out-of-credits' };
  expect(await world.judge(answers, { minSuccessRate: 90 })).toMatchObject({
    verdict: 'inconclusive',
    reasons: [
      'The Future AGI account had no credits left for 7 of 10 calls, which says nothing about the agent. Add credits, then start the trigger again.',
      'Passed: Refund 0/7.',
      'Refund: 7 calls ended with "Out of credits".',
    ],
  });
});

test('an empty account hides no failure of the agent', async () => {
  const answers = { status: THREE_OF_TEN, calls: 'calls-one-failed-out-of-credits' };
  expect(await world.judge(answers, { minSuccessRate: 90 })).toMatchObject({
    verdict: 'failed',
    reasons: [
      'The Future AGI account had no credits left for 4 of 10 calls, which says nothing about the agent. Add credits, then start the trigger again.',
      '7 of 10 calls completed (70 %), at least 90 % wanted.',
      'Passed: Declined card 0/4, Refund 0/3.',
      'Declined card: 4 calls ended with "Insufficient credits".',
      'Refund: 3 calls ended with "assistant-error".',
    ],
  });
});

test('an execution that failed for want of credits is inconclusive', async () => {
  const list: Answer = [
    'list',
    { status: 'Failed', error_reason: 'Out of credits', success_rate: 0 },
  ];
  const answers = { status: ['status', { execution_id: 'another' }], list } as const;
  expect(await world.judge(answers)).toMatchObject({
    verdict: 'inconclusive',
    reasons: [
      'The Future AGI account had no credits left for 10 of 10 calls, which says nothing about the agent. Add credits, then start the trigger again.',
    ],
  });
});

test('an earlier try of a call does not count', async () => {
  const answers = { calls: 'calls-with-earlier-tries', status: SIX_OF_TEN };
  const { scenarios } = await world.judge(answers);
  expect(scenarios).toBeUndefined();
});

test('of a large execution the first 300 calls are read, and that is said', async () => {
  const result = await world.judge({
    status: ['status', { total_calls: 900, completed_calls: 800, failed_calls: 100 }],
    calls: ['calls', { total_pages: 45 }],
  });
  expect(result.reasons[1]).toBe('Passed: Refund 1/3, Declined card 2/4, of the first 10 calls.');
  expect(world.reads.filter((path) => path.includes('test-executions'))).toHaveLength(15);
});
