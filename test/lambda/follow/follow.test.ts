import { expect, test } from 'vitest';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { API_KEY } from '../../support/fixture.ts';
import { asIs, followTests, kinds, PERFECT, RUN_TEST } from '../../support/follow-world.ts';

const tests = followTests();
const { fire, inMinutes, logged, sweeps, world } = tests;

test('an execution that completes is finished, judged, logged once, told and out of sight', async () => {
  const own = await world();
  const id = await fire(own, { expect: { minSuccessRate: 90 } });
  await sweeps(own, 3);
  const firing = await tests.ledger.read(id);
  const result = {
    verdict: 'passed',
    status: 'completed',
    duration_seconds: 20,
    total_calls: 10,
    completed_calls: 10,
    failed_calls: 0,
    success_rate: 100,
    evaluations: [{ name: 'Task completion', score: 100, passed: 10, scored: 10 }],
  };
  expect(firing).toMatchObject({
    state: 'completed',
    result: { verdict: 'passed', reasons: [], finishedAt: '2026-11-24T02:01:00.000Z' },
  });
  expect(firing?.nextCheckAt).toBeUndefined();
  expect(firing?.expiresAt).toBe(1_803_261_660);
  expect(logged('execution_finished')).toEqual([
    {
      event: 'execution_finished',
      firing: id,
      trigger: own.trigger,
      run_test_id: RUN_TEST,
      execution_id: firing?.execution?.id,
      link: undefined,
      result: 'passed',
      ...Object.fromEntries(Object.entries(result).filter(([key]) => key !== 'verdict')),
      reasons: [],
    },
  ]);
  expect(own.published).toEqual([
    expect.objectContaining({ kind: 'started', id: `${id}/started`, reasons: [] }),
    {
      version: 1,
      id: `${id}/passed`,
      kind: 'passed',
      severity: 'info',
      trigger: own.trigger,
      firing: id,
      time: '2026-11-24T02:01:00.000Z',
      reasons: [],
      run_test_id: RUN_TEST,
      execution_id: firing?.execution?.id,
      result,
      repeated: false,
    },
  ]);
  expect(own.reads).toEqual([
    '/simulate/run-tests/ID/status/',
    '/simulate/run-tests/ID/eval-summary/?execution_id=ID',
  ]);
});

test('an execution whose calls fail is told with every reason', async () => {
  const own = await world();
  own.course = { ...PERFECT, failures: (calls) => Math.floor(calls / 2) };
  const expectation = {
    minSuccessRate: 90,
    maxFailedCalls: 2,
    minEvaluation: { 'Task completion': 80 },
  };
  const id = await fire(own, { expect: expectation });
  await sweeps(own, 1);
  expect(await tests.ledger.read(id)).toMatchObject({ state: 'completed' });
  expect(own.published.at(-1)).toMatchObject({
    kind: 'failed',
    reasons: [
      '5 of 10 calls completed (50 %), at least 90 % wanted.',
      '5 of 10 calls did not complete, at most 2 may fail.',
      '"Task completion" scored 50, at least 80 wanted.',
      'Passed: Happy path 5/10.',
      'Happy path: 5 calls ended with "silence-timed-out".',
    ],
    what_to_do: 'Open the execution and look at the calls that failed.',
    result: { verdict: 'failed', failed_calls: 5 },
    repeated: false,
  });
});

test('an execution that the server calls failed is no pass', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'FAILED' };
  const id = await fire(own);
  await sweeps(own, 1);
  expect(await tests.ledger.read(id)).toMatchObject({
    state: 'failed',
    result: { verdict: 'failed', reasons: ['The execution failed.'] },
  });
});

test('an execution without a call is inconclusive although it completes', async () => {
  const own = await world(0);
  const id = await fire(own);
  await sweeps(own, 1);
  expect(await tests.ledger.read(id)).toMatchObject({
    state: 'completed',
    result: { verdict: 'inconclusive', reasons: ['No call was made, so nothing was tested.'] },
  });
  expect(kinds(own)).toEqual(['started', 'inconclusive']);
});

test('an execution that never ends is lost after its maximum, with ever fewer looks', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own, { maxDurationMinutes: 60 });
  await sweeps(own, 62);
  const firing = await tests.ledger.read(id);
  expect(firing).toMatchObject({ state: 'lost', reason: 'It is still running after 1 h.' });
  expect(firing?.nextCheckAt).toBeUndefined();
  expect(kinds(own)).toEqual(['started', 'lost']);
  expect(logged('execution_lost')).toMatchObject([
    { firing: id, message: 'It is still running after 1 h.' },
  ]);
  expect(own.reads).toHaveLength(19);
});

test('an execution that a person cancels is inconclusive', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  const firing = await tests.ledger.read(id);
  await fetch(`${own.core.api.baseUrl}/simulate/test-executions/${firing?.execution?.id}/cancel/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}` },
  });
  await sweeps(own, 1);
  expect(await tests.ledger.read(id)).toMatchObject({
    state: 'cancelled',
    result: { verdict: 'inconclusive', reasons: ['The execution was cancelled.'] },
  });
});

test.each(['COMPLETED', 'Completed', 'completed'])('the word %s ends it', async (word) => {
  const own = await world();
  own.distortion = (_, body) => [200, body.replaceAll('COMPLETED', word)];
  const id = await fire(own);
  await sweeps(own, 1);
  expect((await tests.ledger.read(id))?.state).toBe('completed');
});

test.each(['Evaluating', 'CANCELLING', 'archiving'])('the word %s does not', async (word) => {
  const own = await world();
  own.distortion = (_, body) => [200, body.replaceAll('COMPLETED', word)];
  const id = await fire(own);
  await sweeps(own, 2);
  const firing = await tests.ledger.read(id);
  expect(firing).toMatchObject({ state: 'started', execution: { status: word.toLowerCase() } });
  own.distortion = asIs;
  await sweeps(own, 3);
  expect((await tests.ledger.read(id))?.state).toBe('completed');
});

test('evaluations that are expected are waited for, but not for ever', async () => {
  const own = await world();
  const settings = { expect: { minEvaluation: { 'Task completion': 80 } } };
  own.distortion = (path, body) => (path.includes('eval-summary') ? undefined : [200, body]);
  const late = await fire(own, settings);
  await sweeps(own, 5);
  expect((await tests.ledger.read(late))?.state).toBe('started');
  own.distortion = asIs;
  await sweeps(own, 2);
  expect((await tests.ledger.read(late))?.result?.verdict).toBe('passed');
  own.distortion = (path, body) => (path.includes('eval-summary') ? undefined : [200, body]);
  const never = await fire(own, settings, 'never');
  await sweeps(own, 13);
  expect((await tests.ledger.read(never))?.result).toMatchObject({
    verdict: 'inconclusive',
    reasons: ['The evaluations cannot be read, and "Task completion" is expected.'],
  });
});

test('five sweeps at once finish it once', async () => {
  const own = await world();
  await fire(own);
  tests.clock.advance(1);
  await Promise.all(Array.from({ length: 5 }, () => sweep(own.core, inMinutes(1.5))));
  expect(logged('execution_finished')).toHaveLength(1);
  expect(kinds(own)).toContain('passed');
});

test('with follow: false it is final at once, and nothing is asked', async () => {
  const own = await world();
  const id = await fire(own, { follow: false });
  await sweeps(own, 3);
  expect(await tests.ledger.read(id)).toMatchObject({ state: 'started' });
  expect(own.reads).toEqual([]);
  expect(kinds(own)).toEqual(['started']);
});
