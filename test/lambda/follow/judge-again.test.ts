import { expect, test } from 'vitest';
import { judgeAgain } from '../../../lambda/follow/judge-again.ts';
import { asIs, failing, followTests, PERFECT } from '../../support/follow-world.ts';

const tests = followTests();
const { fire, inMinutes, logged, sweeps, world } = tests;

test('calls that were run again on the server are judged again, told and remembered', async () => {
  const own = await world();
  own.course = failing(2);
  const id = await fire(own);
  await sweeps(own, 1);
  expect((await tests.ledger.read(id))?.result?.verdict).toBe('failed');
  own.course = PERFECT;
  tests.clock.advance(60);
  const judged = await judgeAgain(id, 'ada', own.core, inMinutes(1));
  expect(judged).toMatchObject({
    kind: 'judged',
    before: 'failed',
    firing: { state: 'completed', result: { verdict: 'passed', reasons: [] } },
  });
  await sweeps(own, 1);
  expect(await tests.ledger.read(id)).toMatchObject({
    result: { verdict: 'passed', finishedAt: '2026-11-24T03:01:00.000Z' },
    judgements: [{ at: '2026-11-24T03:01:00.000Z', by: 'ada', before: 'failed' }],
  });
  expect((await tests.ledger.read(id))?.nextCheckAt).toBeUndefined();
  expect(own.published.map(({ kind, id: event }) => [kind, event])).toEqual([
    ['started', `${id}/started`],
    ['failed', `${id}/failed`],
    ['passed', `${id}/passed/2`],
    ['recovered', `${id}/recovered/2`],
  ]);
  expect(logged('execution_rejudged')).toMatchObject([
    { firing: id, by: 'ada', before: 'failed', result: 'passed' },
  ]);
});

test('the same verdict again is told to nobody', async () => {
  const own = await world();
  own.course = failing(2);
  const id = await fire(own);
  await sweeps(own, 1);
  await judgeAgain(id, 'ada', own.core, inMinutes(1));
  await sweeps(own, 2);
  expect(own.published.map(({ kind }) => kind)).toEqual(['started', 'failed']);
  expect((await tests.ledger.read(id))?.expiresAt).toBeDefined();
});

test('a lost execution that ended after all gets its verdict', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own, { maxDurationMinutes: 3 });
  await sweeps(own, 4);
  expect((await tests.ledger.read(id))?.state).toBe('lost');
  own.course = PERFECT;
  const judged = await judgeAgain(id, 'ada', own.core, inMinutes(1));
  expect(judged).toMatchObject({ kind: 'judged', firing: { state: 'completed' } });
  expect(judged).not.toHaveProperty('before');
});

test('what cannot be judged keeps its verdict', async () => {
  const own = await world();
  expect(await judgeAgain('no:such:firing', 'ada', own.core, inMinutes(1))).toEqual({
    kind: 'not-found',
  });
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  expect(await judgeAgain(id, 'ada', own.core, inMinutes(1))).toMatchObject({ kind: 'not-over' });
  own.course = PERFECT;
  await sweeps(own, 1);
  own.distortion = () => [403, '{}'];
  expect(await judgeAgain(id, 'ada', own.core, inMinutes(1))).toMatchObject({
    kind: 'unreadable',
    message: 'HTTP 403',
  });
  own.distortion = asIs;
  own.course = { ...PERFECT, ends: 'never' };
  expect(await judgeAgain(id, 'ada', own.core, inMinutes(1))).toMatchObject({ kind: 'not-over' });
  expect((await tests.ledger.read(id))?.result?.verdict).toBe('passed');
});
