import { setImmediate } from 'node:timers/promises';
import { ThrottlingException } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { advance } from '../../../lambda/advance.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, newSecrets } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi, well } from '../../support/remote-api.ts';

let memory: MemoryLedger;
let api: RemoteApi;
let clock: Clock;
let core: Core;
let published: ServiceEvent[];
let log: Record<string, unknown>[];
beforeEach(async () => {
  log = captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  memory = await startMemoryLedger();
  api = await startRemoteApi({ now: clock.now });
  published = [];
  core = coreOn(memory, api, clock, newSecrets(), published);
});
afterEach(() => Promise.all([memory.stop(), api.stop()]));

/** More than are started at once. */
const MANY = 26;

async function recordDue(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const cause = { kind: 'command', requestId: `r${index}` } as const;
    const at = clock.now();
    await memory.ledger.record(newFiring({ trigger: 'nightly', cause, at }, NIGHTLY, at));
  }
  clock.advance(2);
}

function inMinutes(minutes: number): Date {
  return new Date(clock.now().getTime() + minutes * 60_000);
}

test('due firings are started, and the sweep says what it did', async () => {
  await recordDue(MANY);
  expect(await sweep(core, inMinutes(1.5))).toEqual({ advanced: MANY, failed: 0 });
  expect(api.posts).toHaveLength(MANY);
  expect(log.at(-1)).toEqual({ event: 'sweep_finished', advanced: MANY, failed: 0 });
  log.splice(0);
  expect(await sweep(core, inMinutes(1.5))).toEqual({ advanced: 0, failed: 0 });
  expect(log).toEqual([]);
});

test('five sweeps at once start each firing once', async () => {
  await recordDue(5);
  await Promise.all(Array.from({ length: 5 }, () => sweep(core, inMinutes(1.5))));
  expect(api.posts).toHaveLength(5);
});

test('a firing that throws stops no other', async () => {
  await recordDue(3);
  const read: typeof core.ledger.read = async (id) => {
    if (id.endsWith('r1')) throw new Error('damaged item');
    return memory.ledger.read(id);
  };
  const ledger = { ...memory.ledger, read };
  expect(await sweep({ ...core, ledger }, inMinutes(1.5))).toEqual({ advanced: 2, failed: 1 });
  expect(log).toContainEqual({
    event: 'advance_failed',
    firing: 'nightly:command:r1',
    message: 'Error: damaged item',
  });
});

test('without time for another POST the rest is left to the next sweep', async () => {
  await recordDue(2);
  const tooSoon = new Date(clock.now().getTime() + core.api.limits.postMs + 4_999);
  expect(await sweep(core, tooSoon)).toEqual({ advanced: 0, failed: 0, stopped: 'time' });
  expect(api.posts).toEqual([]);
});

test('when the API throttles, the rest is left to the next sweep; following and publishing go on', async () => {
  const at = clock.now();
  const entry = { ...NIGHTLY, follow: true };
  const cause = { kind: 'command', requestId: 'followed' } as const;
  const { firing } = await memory.ledger.record(
    newFiring({ trigger: 'followed', cause, at }, entry, at),
  );
  await advance(firing, core, inMinutes(1));
  for (const execution of api.executions) execution.status = 'COMPLETED';
  await recordDue(MANY);
  api.treatment = ({ response }) => response.writeHead(429).end();
  const { stopped } = await sweep(core, inMinutes(1.5));
  expect(stopped).toBe('throttled');
  expect((await memory.ledger.read(firing.id))?.state).toBe('completed');
  expect(published.map(({ kind }) => kind)).toContain('started');
  expect(api.posts.length).toBeLessThanOrEqual(25);
});

/** Lets the clock go on, and whatever is under way come to its end first. */
async function pass(ms: number): Promise<void> {
  await setImmediate();
  clock.advance(ms / 60_000);
}

test('what is throttled starts in the same sweep, after the server’s Retry-After', async () => {
  await recordDue(MANY);
  const throttledUntil = clock.now().getTime() + 5_000;
  const early: Date[] = [];
  api.treatment = (exchange) => {
    if (clock.now().getTime() >= throttledUntil) return well(exchange);
    early.push(clock.now());
    return exchange.response.writeHead(429, { 'retry-after': '5' }).end();
  };
  const { stopped } = await sweep(core, inMinutes(1.8), { sleep: pass });
  expect(stopped).toBeUndefined();
  expect(api.executions).toHaveLength(MANY);
  expect(early.length).toBeLessThanOrEqual(24);
  expect(api.posts).toHaveLength(MANY + early.length);
});

test('a Retry-After that is longer than the sweep lasts is left to a later one', async () => {
  await recordDue(MANY);
  const begun = clock.now().getTime();
  api.treatment = ({ response }) => response.writeHead(429, { 'retry-after': '3600' }).end();
  const { stopped } = await sweep(core, inMinutes(1.5), { sleep: pass });
  expect(stopped).toBe('throttled');
  expect(api.posts.length).toBeLessThanOrEqual(24);
  expect(clock.now().getTime() - begun).toBeLessThan(5_000);
});

test('a sweep takes nothing up after its time, so that it is over when the next one begins', async () => {
  await recordDue(1);
  const begun = clock.now().getTime();
  api.treatment = ({ response }) => response.writeHead(429, { 'retry-after': '20' }).end();
  const workUntil = new Date(begun + 57_500);
  await sweep(core, inMinutes(10), { workUntil, sleep: pass });
  expect(api.posts).toHaveLength(3);
  expect(clock.now().getTime() - begun).toBeLessThan(57_500);
});

test('what is recorded while a sweep starts others starts in the same sweep', async () => {
  await recordDue(2);
  const cause = { kind: 'command', requestId: 'meanwhile' } as const;
  let isRecorded = false;
  api.treatment = async (exchange) => {
    const at = clock.now();
    const late = newFiring({ trigger: 'nightly', cause, at }, NIGHTLY, at);
    if (!isRecorded) await memory.ledger.record({ ...late, nextCheckAt: at.toISOString() });
    isRecorded = true;
    return well(exchange);
  };
  expect(await sweep(core, inMinutes(1.5), { sleep: pass })).toEqual({ advanced: 3, failed: 0 });
  expect(api.executions).toHaveLength(3);
});

test('a sweep that cannot read what was recorded meanwhile publishes what it has done', async () => {
  await recordDue(2);
  let reads = 0;
  const open: typeof core.ledger.open = async function* () {
    reads += 1;
    if (reads > 1) throw new ThrottlingException({ message: 'Rate exceeded', $metadata: {} });
    yield* memory.ledger.open();
  };
  const summary = await sweep({ ...core, ledger: { ...memory.ledger, open } }, inMinutes(1.5), {
    sleep: pass,
  });
  expect(summary).toEqual({ advanced: 2, failed: 1, stopped: 'throttled' });
  expect(published.map(({ kind }) => kind)).toEqual(['started', 'started']);
  expect(log).toContainEqual({
    event: 'advance_failed',
    message: 'ThrottlingException: Rate exceeded',
  });
});

test('a sweep whose time is up does not read the open firings again', async () => {
  await recordDue(2);
  let reads = 0;
  const open = () => {
    reads += 1;
    return memory.ledger.open();
  };
  const until = inMinutes(1.5);
  api.treatment = (exchange) => {
    clock.advance(1.5);
    return well(exchange);
  };
  await sweep({ ...core, ledger: { ...memory.ledger, open } }, until, { sleep: pass });
  expect(reads).toBe(1);
});

test('a firing that was throttled once, and waits for another reason now, stops no other', async () => {
  const cause = { kind: 'command', requestId: 'first' } as const;
  const at = clock.now();
  const entry = { ...NIGHTLY, overlap: 'buffer-one' } as const;
  const { firing } = await memory.ledger.record(
    newFiring({ trigger: 'waiting', cause, at }, entry, at),
  );
  const attempt = { sentAt: at.toISOString(), outcome: 'not-started', status: 429 } as const;
  await memory.ledger.write(firing, { ...firing, attempts: [attempt] });
  const started_at = at.toISOString();
  api.executions.push({ id: 'by-hand', status: 'RUNNING', started_at, scenario_ids: [] });
  await recordDue(MANY);
  expect(await sweep(core, inMinutes(1.5))).toEqual({ advanced: MANY + 1, failed: 0 });
});

test('when the ledger throttles, the rest is left to the next sweep', async () => {
  await recordDue(MANY);
  const read: typeof core.ledger.read = async () => {
    throw new ThrottlingException({ message: 'Rate exceeded', $metadata: {} });
  };
  const ledger = { ...memory.ledger, read };
  const summary = await sweep({ ...core, ledger }, inMinutes(1.5));
  expect(summary).toEqual({ advanced: 0, failed: expect.any(Number), stopped: 'throttled' });
  expect(summary.failed).toBeLessThanOrEqual(24);
});

test('an event that waited for a place is only recorded, and the next sweep starts it', async () => {
  const event = { trigger: 'nightly', schedule: 'early', scheduledTime: clock.now().toISOString() };
  clock.advance(0.5);
  const report = await trigger(event, { nightly: NIGHTLY }, core, inMinutes(1));
  expect([report.state, api.posts.length]).toEqual(['due', 0]);
  await sweep(core, inMinutes(1.5));
  expect(api.posts).toHaveLength(1);
});
