import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DueFiring } from '../../../lambda/firing/firing.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { handOverTo } from '../../../lambda/webhook/hand-over.ts';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, signedDelivery } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi, well } from '../../support/remote-api.ts';
import { starterAt, startStarterEndpoint } from '../../support/starter-endpoint.ts';

const TRIGGERS = { nightly: NIGHTLY };

let memory: MemoryLedger;
let clock: Clock;
let api: RemoteApi;
let core: Core;
let log: Record<string, unknown>[];
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(async () => {
  log = captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock);
  return api.stop;
});

let count = 0;
async function recorded(): Promise<DueFiring> {
  count += 1;
  const cause = { kind: 'delivery', deliveryId: `msg_${count}` } as const;
  const firing = newFiring({ trigger: 'nightly', cause, at: clock.now() }, NIGHTLY, clock.now());
  await core.ledger.record(firing);
  return firing;
}
const PATIENT = { timeout: 10_000 };
const soon = (ms: number) => new Date(clock.now().getTime() + ms);
const stateOf = async ({ id }: { id: string }) => (await core.ledger.read(id))?.state;

test('a quick start is waited for', async () => {
  const { handOver, taken } = await startStarterEndpoint(core, clock, 1);
  const firing = await recorded();
  await handOver(firing, soon(60_000));
  expect([await stateOf(firing), taken]).toEqual(['started', ['at once']]);
});

test('a slow start is left to go on', async () => {
  const held = Promise.withResolvers<void>();
  api.treatment = (exchange) => void held.promise.then(() => well(exchange));
  const { handOver, idle } = await startStarterEndpoint(core, clock, 1);
  const firing = await recorded();
  await handOver(firing, soon(1_000));
  await expect.poll(() => api.posts.length, PATIENT).toBe(1);
  expect(await stateOf(firing)).toBe('sending');
  held.resolve();
  await idle();
  expect([await stateOf(firing), api.posts.length]).toEqual(['started', 1]);
  expect(log.map(({ event }) => event)).not.toContain('hand_over_failed');
});

test('after one was too slow, nobody waits for 30 s', async () => {
  const held = Promise.withResolvers<void>();
  api.treatment = (exchange) => void held.promise.then(() => well(exchange));
  const { handOver, taken, idle } = await startStarterEndpoint(core, clock, 3);
  await handOver(await recorded(), soon(500));
  await handOver(await recorded(), soon(60_000));
  expect(taken).toEqual(['at once', 'queued']);
  clock.advance(0.5);
  held.resolve();
  await handOver(await recorded(), soon(60_000));
  expect(taken).toEqual(['at once', 'queued', 'at once']);
  await idle();
});

test('when the starter is busy, its queue takes the firing and nobody waits', async () => {
  const held = Promise.withResolvers<void>();
  api.treatment = (exchange) => void held.promise.then(() => well(exchange));
  const { handOver, taken, idle } = await startStarterEndpoint(core, clock, 1);
  const [first, second] = [await recorded(), await recorded()];
  const waiting = handOver(first, soon(60_000));
  await expect.poll(() => taken.length, PATIENT).toBe(1);
  await handOver(second, soon(60_000));
  expect([await stateOf(second), taken]).toEqual(['due', ['at once', 'throttled', 'queued']]);
  held.resolve();
  await waiting;
  await idle();
  expect([await stateOf(first), await stateOf(second)]).toEqual(['started', 'started']);
});

test('what cannot be handed over is answered as due, and started by the sweep', async () => {
  const handOver = handOverTo(starterAt('http://127.0.0.1:9'), 'starter', clock.now);
  const answer = await receive(signedDelivery('msg_lost', clock.now()), TRIGGERS, {
    ...core,
    handOver,
  });
  const statusUrl = 'https://hooks.example.com/hooks/nightly/firings/nightly%3Adelivery%3Amsg_lost';
  expect({ ...answer, body: JSON.parse(answer.body) }).toMatchObject({
    statusCode: 202,
    headers: { location: statusUrl },
    body: { firing: 'nightly:delivery:msg_lost', state: 'due', status_url: statusUrl },
  });
  expect(log.at(-1)).toEqual({
    event: 'hand_over_failed',
    function: 'starter',
    firing: 'nightly:delivery:msg_lost',
    trigger: 'nightly',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  clock.advance(1);
  await sweep(core, soon(100_000));
  expect(await stateOf({ id: 'nightly:delivery:msg_lost' })).toBe('started');
  expect(api.posts).toHaveLength(1);
});
