import { expect, test } from 'vitest';
import { cancelRun } from '../../../lambda/follow/cancel-run.ts';
import { followTests, PERFECT } from '../../support/follow-world.ts';

const tests = followTests();
const { fire, inMinutes, logged, sweeps, world } = tests;
const ORDER = { by: 'ada', reason: 'wrong version' };

test('a run is cancelled once, and its end says who did it and why', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  const order = { ...ORDER, firing: id };
  const result = await cancelRun(order, own.core, inMinutes(1));
  expect(result).toMatchObject({
    kind: 'cancelled',
    firing: { state: 'started', cancels: [{ at: '2026-11-24T02:00:00.000Z', ...ORDER }] },
  });
  expect(await cancelRun(order, own.core, inMinutes(1))).toMatchObject({
    kind: 'not-cancelled',
    message: 'It is cancelled',
  });
  await sweeps(own, 1);
  expect(await tests.ledger.read(id)).toMatchObject({
    state: 'cancelled',
    result: {
      verdict: 'inconclusive',
      reasons: ['ada had it cancelled: wrong version.', 'The execution was cancelled.'],
    },
  });
  expect(own.published.map(({ kind }) => kind)).toEqual(['started', 'inconclusive']);
  expect(logged('cancel_requested')).toMatchObject([
    { firing: id, by: 'ada', outcome: 'cancelled', message: 'wrong version' },
  ]);
  expect(await cancelRun(order, own.core, inMinutes(1))).toMatchObject({ kind: 'not-running' });
});

test('the end of a run that is cancelled between two polls is seen by the next sweep', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  // It is polled 19 and 24 minutes after its start.
  await sweeps(own, 20);
  await cancelRun({ ...ORDER, firing: id }, own.core, inMinutes(1));
  await sweeps(own, 1);
  expect((await tests.ledger.read(id))?.state).toBe('cancelled');
});

test('what is over is not cancelled, which would change its result', async () => {
  const own = await world();
  const id = await fire(own);
  tests.clock.advance(30);
  expect(await cancelRun({ ...ORDER, firing: id }, own.core, inMinutes(1))).toMatchObject({
    kind: 'not-cancelled',
    message: 'It is completed',
  });
  expect((await tests.ledger.read(id))?.cancels).toBeUndefined();
});

test('what was found in the list may be somebody else’s, and is not cancelled', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  const firing = await tests.ledger.read(id);
  if (firing?.state !== 'started') throw new Error('It has not started');
  const execution = { ...firing.execution, adopted: true as const };
  await tests.ledger.write(firing, { ...firing, execution });
  expect(await cancelRun({ ...ORDER, firing: id }, own.core, inMinutes(1))).toMatchObject({
    kind: 'adopted',
  });
});

test('a server that refuses is told, and who asked stays in the firing', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  own.answer = () => [403, '{"message":"no write access"}'];
  expect(await cancelRun({ ...ORDER, firing: id }, own.core, inMinutes(1))).toMatchObject({
    kind: 'not-cancelled',
    message: 'HTTP 403',
    firing: { cancels: [ORDER] },
  });
});

test('a firing that is not there, or has not started, is not cancelled', async () => {
  const own = await world();
  const order = { ...ORDER, firing: 'nightly:command:none' };
  expect(await cancelRun(order, own.core, inMinutes(1))).toEqual({ kind: 'not-found' });
});
