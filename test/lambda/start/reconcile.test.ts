import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { apiOn, type Core, coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { startRemoteApi, well } from '../../support/remote-api.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(() => {
  captureLog();
});

test.each([
  ['was rotated meanwhile', 'fi-key-new', 'started'],
  ['is refused for good', 'fi-key-old', 'unresolved'],
])('a lost answer’s execution is looked for with a key that %s', async (_, current, state) => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  api.treatment = ({ request, create }) => {
    create();
    request.socket.resetAndDestroy();
  };
  let remembered = 'fi-key-old';
  const readSecret = async (_id: string, maxAgeMs?: number) => {
    if (maxAgeMs === 0) remembered = current;
    return remembered;
  };
  const core = { ...coreOn(memory, api, clock), api: apiOn(api.url, readSecret, clock.now) };
  const until = () => new Date(clock.now().getTime() + 90_000);
  const event = { trigger: `key-${state}`, requestId: 'once' };
  const { firing } = await trigger(event, { [event.trigger]: NIGHTLY }, core, until());
  api.listStatus = () => (remembered === 'fi-key-new' ? undefined : 401);
  for (let look = 0; look < 2; look += 1) {
    clock.advance(1);
    await sweep(core, until());
  }
  expect(await memory.ledger.read(firing)).toMatchObject({ state });
  expect(api.posts).toHaveLength(1);
  await api.stop();
});

test('what either of two firings may have started is taken by neither', async () => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  const sockets: Socket[] = [];
  api.treatment = ({ request, create }) => {
    if (sockets.push(request.socket) < 2) return;
    create();
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const core = coreOn(memory, api, clock);
  const until = () => new Date(clock.now().getTime() + 90_000);
  const names = ['one', 'other'];
  const entry = { ...NIGHTLY, runTestId: randomUUID() };
  const triggers = { one: entry, other: entry };
  await Promise.all(
    names.map((name) => trigger({ trigger: name, requestId: 'lost' }, triggers, core, until())),
  );
  for (let look = 0; look < 3; look += 1) {
    clock.advance(5);
    await sweep(core, until());
  }
  const [one, other] = ['one:command:lost', 'other:command:lost'] as const;
  const reason = (rival: string) => expect.stringContaining(`${rival}, also without an answer`);
  expect(await memory.ledger.read(one)).toMatchObject({
    state: 'unresolved',
    reason: reason(other),
  });
  expect(await memory.ledger.read(other)).toMatchObject({
    state: 'unresolved',
    reason: reason(one),
  });
  expect(api.posts).toHaveLength(2);
  await api.stop();
});

test('a sweep takes a dead function’s execution away from the firing that has adopted it', async () => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  const core = coreOn(memory, api, clock);
  const until = () => new Date(clock.now().getTime() + 90_000);
  const triggers = { late: { ...NIGHTLY, runTestId: randomUUID() } };
  const fire = (requestId: string, on: Core) =>
    trigger({ trigger: 'late', requestId }, triggers, on, until());

  api.treatment = ({ request }) => request.socket.resetAndDestroy();
  const adopter = (await fire('adopter', core)).firing;
  clock.advance(0.5);
  api.treatment = async (exchange) => {
    const execution = exchange.create();
    clock.advance(1);
    await sweep({ ...core, ledger: { ...core.ledger, sentBetween: async () => [] } }, until());
    well({ ...exchange, create: () => execution });
  };
  const write: Ledger['write'] = async (from, to) => {
    if (from.id === adopter) throw new Error('dead');
    return memory.ledger.write(from, to);
  };
  const dying = { ...core, ledger: { ...core.ledger, write } };
  await expect(fire('owner', dying)).rejects.toThrow('dead');
  const [execution] = api.executions;
  expect(await memory.ledger.read(adopter)).toMatchObject({ execution: { id: execution?.id } });

  for (let look = 0; look < 2; look += 1) {
    clock.advance(10);
    await sweep(core, until());
  }
  expect(await memory.ledger.read('late:command:owner')).toMatchObject({
    state: 'started',
    execution: { id: execution?.id },
  });
  expect(await memory.ledger.read(adopter)).toMatchObject({
    state: 'unresolved',
    reason: `Execution ${execution?.id} was taken for its own, but belongs to late:command:owner`,
  });
  expect(api.posts).toHaveLength(2);
  await api.stop();
});
