import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DueFiring, firingSchema, withAttempt } from '../../../lambda/firing/firing.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { checkAt, toPublished } from '../../../lambda/firing/transition.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { openLedger } from '../../../lambda/ledger/ledger.ts';
import { dynamoDb } from '../../../lambda/runtime/aws.ts';
import { type Post, poster } from '../../../lambda/runtime/aws-connection.ts';
import { awsAt } from '../../support/aws-at.ts';
import { countRequests } from '../../support/counted-requests.ts';
import { startHttpLedger } from '../../support/memory-ledger.ts';

const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const TRIGGER: Trigger = {
  runTestId: RUN_TEST,
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

let memory: Awaited<ReturnType<typeof startHttpLedger>>;
beforeAll(async () => {
  memory = await startHttpLedger();
});
afterAll(() => memory.stop());

function firing(requestId: string): DueFiring {
  return newFiring(
    { trigger: 'nightly', cause: { kind: 'command', requestId }, at: T },
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

test('of 10 simultaneous records one wins', async () => {
  const results = await Promise.all(
    Array.from({ length: 10 }, () => memory.ledger.record(firing('b'))),
  );
  expect(results.filter(({ recorded }) => recorded)).toHaveLength(1);
});

test('a record whose answer is lost is sent again, and is still its own', async () => {
  const own = firing('c');
  const send = poster();
  let sent = 0;
  const post: Post = async (...args) => {
    sent += 1;
    const reply = await send(...args);
    if (sent === 1) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    return reply;
  };
  const client = dynamoDb({ ...awsAt(memory.url), maxAttempts: 3, post });
  const ledger = openLedger(client, memory.table);
  expect(await ledger.record(own)).toEqual({ recorded: true, firing: own });
  // The put, the put again, and what stood in its way.
  expect(sent).toBe(3);
});

test('a write succeeds only on what was read', async () => {
  const { firing: read } = await memory.ledger.record(firing('d'));
  const due = { ...read, reason: 'later' };
  const written = await memory.ledger.write(read, due);
  expect(written).toMatchObject({ state: 'due', reason: 'later' });
  expect(await memory.ledger.write(read, due)).toBeUndefined();
  expect(await memory.ledger.read(read.id)).toEqual(written);
});

test('what is not there reads as undefined', async () => {
  expect(await memory.ledger.read('nobody')).toBeUndefined();
});

test('open firings are listed by their next check, oldest first, and final ones never', async () => {
  const own = await startHttpLedger();
  const context = { now: () => T, retentionDays: 90 };
  for (const [id, minute] of [
    ['late', 5],
    ['early', -5],
    ['later', 90],
    ['done', -9],
  ] as const) {
    const due = firing(id);
    const { firing: read } = await own.ledger.record(due);
    const next = { ...due, ...checkAt(new Date(T.getTime() + minute * 60_000)) };
    const skipped = { ...next, state: 'skipped', reason: 'paused' } as const;
    await own.ledger.write(read, id === 'done' ? toPublished(skipped, context) : next);
  }
  const open = await Array.fromAsync(own.ledger.open(), ({ id }) => id);
  expect(open).toEqual(['nightly:command:early', 'nightly:command:late', 'nightly:command:later']);
  expect(await own.ledger.read('nightly:command:done')).toMatchObject({ expiresAt: 1_803_261_600 });
  await own.stop();
});

test('the firings of a run test are found by when they were sent', async () => {
  const due = firing('sent');
  const { firing: read } = await memory.ledger.record(due);
  const sentAt = T.toISOString();
  await memory.ledger.write(read, {
    ...due,
    state: 'started',
    runTestId: RUN_TEST,
    sentAt,
    attempts: withAttempt([], { sentAt }),
    execution: { id: 'e-1', status: 'PENDING' },
  });
  const around = await memory.ledger.sentBetween(RUN_TEST, T, T);
  expect(around).toEqual([{ id: 'nightly:command:sent', state: 'started', executionId: 'e-1' }]);
  expect(await memory.ledger.sentBetween('00000000-0000-4000-8000-000000000000', T, T)).toEqual([]);
});

test('the firings of a trigger are listed newest first, between two times and over pages', async () => {
  const recorded = Array.from({ length: 70 }, (_, minute) => {
    const at = new Date(T.getTime() + minute * 60_000);
    const cause = { kind: 'command', requestId: `p${minute}` } as const;
    return newFiring({ trigger: 'paged', cause, at }, TRIGGER, at);
  });
  for (const each of recorded) await memory.ledger.record(each);
  const ids = async (from?: Date, to?: Date) => {
    const listed = await Array.fromAsync(memory.ledger.ofTrigger('paged', from, to));
    return listed.map(({ id }) => id);
  };
  expect(await ids()).toEqual(recorded.toReversed().map(({ id }) => id));
  expect(await ids(new Date('2026-11-24T02:03:00Z'), new Date('2026-11-24T02:05:00Z'))).toEqual([
    'paged:command:p5',
    'paged:command:p4',
    'paged:command:p3',
  ]);
});

test('only the first two pages of a list are limited: a limit that grew would be too large a number', async () => {
  const asked: unknown[] = [];
  const { query } = memory.client;
  const client = {
    ...memory.client,
    query(input: Parameters<typeof query>[0]) {
      asked.push(input.Limit);
      return query({ ...input, Limit: 1 });
    },
  };
  const recorded = Array.from({ length: 12 }, (_, minute) => {
    const at = new Date(T.getTime() + minute * 60_000);
    const cause = { kind: 'command', requestId: `l${minute}` } as const;
    return newFiring({ trigger: 'limited', cause, at }, TRIGGER, at);
  });
  for (const each of recorded) await memory.ledger.record(each);
  const listed = openLedger(client, memory.table).ofTrigger('limited');
  expect(await Array.fromAsync(listed)).toHaveLength(12);
  expect(asked).toEqual([64, 512, ...Array.from({ length: 11 }, () => undefined)]);
});

test('an item that is asked for twice is read once', async () => {
  const { firing: twice } = await memory.ledger.record(firing('twice'));
  expect(await memory.ledger.readItems([twice.id, twice.id], firingSchema)).toEqual([twice]);
});

test('many items are read a hundred in a request, without those that are not there', async () => {
  const firings = Array.from({ length: 105 }, (_, index) => firing(`many-${index}`));
  for (const each of firings.slice(1)) await memory.ledger.record(each);
  const requests = countRequests(memory.client);
  const found = await memory.ledger.readItems(
    firings.map(({ id }) => id),
    firingSchema,
  );
  expect(found.map(({ id }) => id).toSorted()).toEqual(
    firings
      .slice(1)
      .map(({ id }) => id)
      .toSorted(),
  );
  expect(requests.take().gets).toBe(2);
  expect(await memory.ledger.readItems([], firingSchema)).toEqual([]);
});
