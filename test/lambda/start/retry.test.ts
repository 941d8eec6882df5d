import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { retryFiring } from '../../../lambda/start/retry.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, startRemoteApi, type Treatment, well } from '../../support/remote-api.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(() => {
  captureLog();
});

const ORDER = { by: 'ada', reason: 'the plan was upgraded' };

async function rejectedFiring(requestId: string) {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  api.treatment = ({ response }) => json(response, 402, { message: 'Not in your plan' });
  const core = coreOn(memory, api, clock);
  const name = `nightly-${requestId}`;
  const event = { trigger: name, requestId };
  const { firing } = await trigger(
    event,
    { [name]: NIGHTLY },
    core,
    new Date('2026-11-24T02:01:00Z'),
  );
  api.treatment = well;
  clock.advance(24 * 60);
  return { firing, clock, api, core };
}

test('a rejected firing is sent again as a further attempt, once, and remembers who asked why', async () => {
  const { firing, clock, api, core } = await rejectedFiring('once');
  const results = await Promise.all([1, 2, 3].map(() => retryFiring(firing, ORDER, core)));
  expect(results.map(({ kind }) => kind).sort()).toEqual([
    'changed-meanwhile',
    'changed-meanwhile',
    'retried',
  ]);

  await sweep(core, new Date(clock.now().getTime() + 90_000));
  expect(await memory.ledger.read(firing)).toMatchObject({
    state: 'started',
    execution: { id: api.executions[0]?.id },
    attempts: [
      { outcome: 'rejected', status: 402, message: 'Not in your plan' },
      { outcome: 'started', sentAt: '2026-11-25T02:00:00.000Z' },
    ],
    retries: [
      {
        at: '2026-11-25T02:00:00.000Z',
        by: 'ada',
        reason: 'the plan was upgraded',
        from: 'rejected',
        attempts: 1,
      },
    ],
  });
  expect(api.posts).toHaveLength(2);
  await api.stop();
});

/** A firing whose answer was lost while the list could not be read, and which nobody could settle. */
async function unresolvedFiring(
  requestId: string,
  treatment: Treatment,
  changes: Partial<Trigger> = {},
) {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  onTestFinished(() => api.stop());
  api.treatment = treatment;
  api.listStatus = () => 403;
  const core = coreOn(memory, api, clock);
  const name = `unresolved-${requestId}`;
  const until = () => new Date(clock.now().getTime() + 90_000);
  const event = { trigger: name, requestId };
  const triggers = { [name]: { ...NIGHTLY, runTestId: randomUUID(), ...changes } };
  const { firing } = await trigger(event, triggers, core, until());
  const nextSweep = async (minutes = 1) => {
    clock.advance(minutes);
    await sweep(core, until());
    return memory.ledger.read(firing);
  };
  await nextSweep();
  expect(await memory.ledger.read(firing)).toMatchObject({ state: 'unresolved' });
  clock.advance(20);
  api.treatment = well;
  return { firing, api, core, nextSweep };
}

const lost: Treatment = ({ request }) => request.socket.resetAndDestroy();
const createdAndLost: Treatment = ({ request, create }) => {
  create();
  request.socket.resetAndDestroy();
};

test.each<[string, Treatment, number]>([
  ['is there after all', createdAndLost, 1],
  ['is not there', lost, 2],
])('an unresolved firing whose execution %s', async (name, treatment, posts) => {
  const { firing, api, core, nextSweep } = await unresolvedFiring(
    name.replaceAll(' ', '-'),
    treatment,
  );
  api.listStatus = () => undefined;
  const retried = await retryFiring(firing, ORDER, core);
  expect(retried).toMatchObject({ kind: 'retried', firing: { state: 'unknown' } });
  await nextSweep();
  expect(await nextSweep()).toMatchObject({
    state: 'started',
    execution: { id: api.executions[0]?.id },
  });
  expect(api.posts).toHaveLength(posts);
});

test('what the list shows only when a firing is due again is adopted before it is sent', async () => {
  const { firing, api, core, nextSweep } = await unresolvedFiring('shown-late', createdAndLost);
  const hidden = api.executions.splice(0);
  api.listStatus = () => undefined;
  await retryFiring(firing, ORDER, core);
  expect(await nextSweep()).toMatchObject({ state: 'due' });
  api.executions.push(...hidden);
  expect(await nextSweep()).toMatchObject({ state: 'started', execution: { id: hidden[0]?.id } });
  expect(api.posts).toHaveLength(1);
});

test('an unresolved firing that may not be looked for is sent again only when a person insists', async () => {
  const { firing, api, core, nextSweep } = await unresolvedFiring('forbidden', createdAndLost);
  const cannotTell = {
    state: 'unresolved',
    reason: 'The executions list cannot be read: HTTP 403',
  };
  await retryFiring(firing, ORDER, core);
  expect(await nextSweep()).toMatchObject(cannotTell);
  expect(api.posts).toHaveLength(1);

  await retryFiring(firing, { ...ORDER, sendAnyway: true }, core);
  await nextSweep();
  expect(await nextSweep()).toMatchObject({
    state: 'started',
    execution: { id: api.executions[0]?.id },
    retries: [{ by: 'ada' }, { by: 'ada', sendAnyway: true }],
  });
  expect(api.posts).toHaveLength(2);
});

test('an unresolved firing is not sent again blindly while the list is down', async () => {
  const { firing, api, core, nextSweep } = await unresolvedFiring('list-down', lost);
  api.listStatus = () => 502;
  await retryFiring(firing, ORDER, core);
  expect(await nextSweep(14)).toMatchObject({ state: 'unknown' });
  expect(await nextSweep()).toMatchObject({
    state: 'unresolved',
    reason: 'The executions list cannot be read: HTTP 502',
  });
  expect(api.posts).toHaveLength(1);
});

test('an unresolved firing whose execution may still appear is sent again only after that', async () => {
  const patience = { unknownGraceMinutes: 30, startDeadlineMinutes: 5 };
  const { firing, api, core, nextSweep } = await unresolvedFiring('early', lost, patience);
  api.listStatus = () => undefined;
  await retryFiring(firing, ORDER, core);
  for (let minute = 22; minute < 30; minute += 1) {
    expect(await nextSweep()).toMatchObject({ state: 'unknown' });
  }
  await nextSweep();
  await nextSweep();
  expect(await memory.ledger.read(firing)).toMatchObject({ state: 'started' });
  expect(api.posts).toHaveLength(2);
});

test('what is sent again in doubt and lost again is not sent a third time by itself', async () => {
  const { firing, api, core, nextSweep } = await unresolvedFiring('lost-twice', lost);
  api.treatment = lost;
  api.listStatus = () => undefined;
  await retryFiring(firing, ORDER, core);
  for (let minute = 0; minute < 15; minute += 1) await nextSweep();
  expect(await memory.ledger.read(firing)).toMatchObject({ state: 'unresolved' });
  expect(api.posts).toHaveLength(2);
});

test('a firing that is started, or unknown to the ledger, is not sent again', async () => {
  const { firing, clock, api, core } = await rejectedFiring('started');
  await retryFiring(firing, ORDER, core);
  await sweep(core, new Date(clock.now().getTime() + 90_000));
  expect(await retryFiring(firing, ORDER, core)).toMatchObject({ kind: 'wrong-state' });
  expect(await retryFiring('nightly:command:nobody', ORDER, core)).toEqual({ kind: 'not-found' });
  await api.stop();
});
