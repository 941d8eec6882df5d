import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Trigger } from '../../../lambda/config/deployed-config.ts';
import type { Firing } from '../../../lambda/firing/firing.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { toFinal, toOpen } from '../../../lambda/firing/transition.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

const TRIGGER: Trigger = {
  runTestId: 'rt-1',
  execute: { selectAll: true, scenarioIds: [] },
  schedules: [],
  startDeadlineMinutes: 15,
  onUnknown: 'hold',
  unknownGraceMinutes: 10,
  follow: true,
  maxDurationMinutes: 360,
  missedAfterMinutes: 10,
  overlap: 'allow',
  pauseAfterRejected: 5,
};
const T = new Date('2026-11-24T02:00:00Z');

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

function firing(requestId: string): Firing {
  return newFiring(
    { trigger: 'nightly', source: { kind: 'manual', requestId }, at: T },
    TRIGGER,
    T,
  );
}

test('the first record of a cause wins and every other sees it', async () => {
  const first = firing('a');
  expect(await memory.ledger.record(first)).toEqual({ recorded: true, firing: first });
  const again = await memory.ledger.record(firing('a'));
  expect(again).toEqual({ recorded: false, firing: first });
});

test('of 50 simultaneous records one wins', async () => {
  const results = await Promise.all(
    Array.from({ length: 50 }, () => memory.ledger.record(firing('b'))),
  );
  expect(results.filter(({ recorded }) => recorded)).toHaveLength(1);
});

test('a record whose answer was lost is still its own when the SDK repeats it', async () => {
  const own = firing('c');
  await memory.ledger.record(own);
  expect(await memory.ledger.record(own)).toEqual({ recorded: true, firing: own });
});

test('a write succeeds only on what was read', async () => {
  const { firing: read } = await memory.ledger.record(firing('d'));
  const due = toOpen(read, 'due', T, { reason: 'later' });
  const written = await memory.ledger.write(read, due);
  expect(written).toMatchObject({ state: 'due', reason: 'later' });
  expect(await memory.ledger.write(read, due)).toBeUndefined();
  expect(await memory.ledger.read(read.id)).toEqual(written);
});

test('what is not there reads as undefined', async () => {
  expect(await memory.ledger.read('nobody')).toBeUndefined();
});

test('open firings are listed by their next look, oldest first, and final ones never', async () => {
  const own = await startMemoryLedger();
  const core = { now: () => T, retentionDays: 90 };
  for (const [id, minute] of [
    ['late', 5],
    ['early', -5],
    ['later', 90],
    ['done', -9],
  ] as const) {
    const { firing: read } = await own.ledger.record(firing(id));
    const look = new Date(T.getTime() + minute * 60_000);
    const next = id === 'done' ? toFinal(read, 'started', {}, core, []) : toOpen(read, 'due', look);
    await own.ledger.write(read, next);
  }
  const open = await Array.fromAsync(own.ledger.open(), ({ id }) => id);
  expect(open).toEqual(['nightly:manual:early', 'nightly:manual:late', 'nightly:manual:later']);
  expect(await own.ledger.read('nightly:manual:done')).toMatchObject({ expiresAt: 1_803_261_600 });
  await own.stop();
});

test('the firings of a run test are found by when they were sent', async () => {
  const { firing: read } = await memory.ledger.record(firing('sent'));
  const sentAt = T.toISOString();
  await memory.ledger.write(read, toOpen(read, 'sending', T, { sentAt, executionId: 'e-1' }));
  const around = await memory.ledger.sentBetween('rt-1', T, T);
  expect(around).toEqual([{ id: 'nightly:manual:sent', state: 'sending', executionId: 'e-1' }]);
  expect(await memory.ledger.sentBetween('rt-2', T, T)).toEqual([]);
});
