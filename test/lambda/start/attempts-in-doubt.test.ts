import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { retryFiring } from '../../../lambda/start/retry.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, newSecrets } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import {
  json,
  type RemoteApi,
  startByPerson,
  startRemoteApi,
  type Treatment,
  well,
} from '../../support/remote-api.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
let clock: Clock;
let api: RemoteApi;
let core: Core;
let published: ServiceEvent[];
let entry: Trigger;
let count = 0;
beforeEach(async () => {
  captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  api = await startRemoteApi({ now: clock.now });
  onTestFinished(() => api.stop());
  published = [];
  core = coreOn(memory, api, clock, newSecrets(), published);
  entry = { ...NIGHTLY, runTestId: randomUUID() };
  count += 1;
});

const lost: Treatment = ({ request }) => request.socket.resetAndDestroy();
const createdAndLost: Treatment = ({ request, create }) => {
  create();
  request.socket.resetAndDestroy();
};
const answer =
  (status: number): Treatment =>
  ({ response }) =>
    json(response, status, { message: 'no' });

const inSeconds = (seconds: number) => new Date(clock.now().getTime() + seconds * 1_000);
const firingOf = (requestId: string) => memory.ledger.read(`doubt-${count}:command:${requestId}`);
const kinds = () =>
  published.filter((each) => each.trigger === `doubt-${count}`).map(({ kind }) => kind);

async function fire(requestId: string, changes: Partial<Trigger> = {}, on = core) {
  const name = `doubt-${count}`;
  const triggers = { [name]: { ...entry, ...changes } };
  return trigger({ trigger: name, requestId }, triggers, on, inSeconds(60));
}

async function sweeps(minutes: number, on = core, every = 1): Promise<void> {
  for (let minute = 0; minute < minutes; minute += every) {
    clock.advance(every);
    await sweep(on, inSeconds(90));
  }
}

async function retry(requestId: string) {
  const { id = '' } = (await firingOf(requestId)) ?? {};
  return retryFiring(id, { by: 'ada', reason: 'look once more' }, core);
}

const personRuns = (all = true) => startByPerson(api, clock.now(), all ? 2 : 1);

test('what began hours after a function died is not its own, whenever that is noticed', async () => {
  const write: Ledger['write'] = async (from, to) => {
    const written = await memory.ledger.write(from, to);
    if (to.state === 'sending') throw new Error('dead');
    return written;
  };
  const dying = { ...core, ledger: { ...core.ledger, write } };
  await expect(fire('dead', {}, dying)).rejects.toThrow('dead');
  clock.advance(7 * 60);
  personRuns();
  clock.advance(60);
  await sweeps(16, core, 4);
  const reason = 'No execution was found';
  expect(await firingOf('dead')).toMatchObject({ state: 'unresolved', reason });
  expect(api.posts).toEqual([]);
});

// how many minutes after an answered 500, of all scenarios, what becomes of the firing
test.each([
  [4, false, 'No execution was found'],
  [9, true, 'No execution was found'],
  [0.05, false, 'An execution began at that time, but runs other scenarios: '],
])('a person’s run %d min after an answered 500 is not taken', async (minutes, all, reason) => {
  api.treatment = answer(500);
  await fire('answered');
  clock.advance(minutes);
  const id = personRuns(all);
  await sweeps(12, core, 4);
  expect(await firingOf('answered')).toMatchObject({
    state: 'unresolved',
    reason: reason.endsWith(': ') ? `${reason}${id}` : reason,
  });
});

test('what began before the POST is not taken where no list tells what was there', async () => {
  personRuns();
  clock.advance(1.5);
  api.listStatus = () => 502;
  api.treatment = lost;
  await fire('unlisted');
  api.listStatus = () => undefined;
  await sweeps(12, core, 4);
  expect(await firingOf('unlisted')).toMatchObject({ state: 'unresolved' });
});

test('an execution that no answer named is never cancelled for another', async () => {
  const policy = { overlap: 'cancel-other', follow: true } as const;
  api.treatment = createdAndLost;
  await fire('first', policy);
  await sweeps(2);
  expect(await firingOf('first')).toMatchObject({
    state: 'started',
    execution: { id: api.executions[0]?.id, adopted: true },
  });
  api.treatment = well;
  await fire('second', policy);
  expect(await firingOf('second')).toMatchObject({ state: 'due' });
  expect(api.cancelled).toEqual([]);
});

test('an execution belongs to the firing whose answer names it, whoever adopted it before', async () => {
  api.treatment = lost;
  await fire('a');
  clock.advance(0.5);
  const created = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  api.treatment = (exchange) => {
    const execution = exchange.create();
    created.resolve();
    late.promise.then(() => well({ ...exchange, create: () => execution }));
  };
  const b = fire('b');
  await created.promise;
  const lagging: Core = { ...core, ledger: { ...core.ledger, sentBetween: async () => [] } };
  await sweeps(1, lagging);
  const [execution] = api.executions;
  expect(await firingOf('a')).toMatchObject({ state: 'started', execution: { id: execution?.id } });

  late.resolve();
  expect(await b).toMatchObject({ state: 'started', execution_id: execution?.id });
  expect(await firingOf('a')).toMatchObject({
    state: 'unresolved',
    reason: `Execution ${execution?.id} was taken for its own, but belongs to doubt-${count}:command:b`,
  });
  expect((await firingOf('a'))?.execution).toBeUndefined();
  await sweeps(1);
  expect(kinds()).toContain('unresolved');
});

test('a look that cannot tell leaves a firing unresolved, told and open for another retry', async () => {
  api.treatment = createdAndLost;
  await fire('two', { overlap: 'skip' });
  const other = personRuns();
  const [, own] = api.executions;
  await sweeps(1);
  const twice = `Several executions could be its own: ${other}, ${own?.id}`;
  for (const retries of [1, 2]) {
    expect(await firingOf('two')).toMatchObject({ state: 'unresolved', reason: twice });
    expect(await retry('two')).toMatchObject({ kind: 'retried' });
    await sweeps(1);
    expect((await firingOf('two'))?.retries).toHaveLength(retries);
  }
  expect(api.posts).toHaveLength(1);
  expect(kinds()).toEqual(['unresolved', 'unresolved', 'unresolved']);
});

test('a retry pages back to the attempt’s time, however much is newer', async () => {
  api.treatment = createdAndLost;
  api.listStatus = () => (api.posts.length > 0 ? 403 : undefined);
  await fire('deep');
  await sweeps(1);
  clock.advance(60);
  const own = api.executions[0]?.id;
  for (let newer = 0; newer < 120; newer += 1) personRuns();
  api.listStatus = () => undefined;
  await retry('deep');
  await sweeps(1);
  expect(await firingOf('deep')).toMatchObject({ state: 'started', execution: { id: own } });
  expect(api.posts).toHaveLength(1);
});

/** A firing whose execution the list does not show yet, sent again in vain. */
async function hiddenAndSentAgain(requestId: string, changes: Partial<Trigger>, status: number) {
  api.treatment = createdAndLost;
  await fire(requestId, changes);
  const hidden = api.executions.splice(0);
  api.treatment = answer(status);
  await sweeps(12);
  return hidden;
}

test('a refusal of the second attempt does not settle the first', async () => {
  const hidden = await hiddenAndSentAgain('refused', {}, 403);
  await retry('refused');
  await sweeps(2);
  expect(api.posts).toHaveLength(2);
  expect(await firingOf('refused')).toMatchObject({
    state: 'unresolved',
    reason: expect.stringMatching(
      /^An earlier attempt may have started, and this one was refused: no \(HTTP 403\)/,
    ),
  });

  api.executions.push(...hidden);
  api.treatment = well;
  await retry('refused');
  await sweeps(2);
  expect(await firingOf('refused')).toMatchObject({
    state: 'started',
    execution: { id: hidden[0]?.id },
  });
  expect(api.posts).toHaveLength(2);
});

test('a firing that was sent again and throttled until its deadline has not certainly not started', async () => {
  const policy = { onUnknown: 'resend', startDeadlineMinutes: 20, budget: { perDay: 1 } } as const;
  const hidden = await hiddenAndSentAgain('throttled', policy, 429);
  expect(await firingOf('throttled')).toMatchObject({ state: 'due' });
  await sweeps(10);
  expect(await firingOf('throttled')).toMatchObject({
    state: 'unresolved',
    reason: expect.stringMatching(/^An earlier attempt .* again: Not started by/),
  });
  await fire('next', policy);
  expect(await firingOf('next')).toMatchObject({ state: 'skipped' });

  api.executions.push(...hidden);
  await retry('throttled');
  await sweeps(1);
  expect(await firingOf('throttled')).toMatchObject({ execution: { id: hidden[0]?.id } });
});
