import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { handleCommand } from '../../../lambda/trigger/handle-command.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, startByPerson, startRemoteApi, well } from '../../support/remote-api.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

const PERSON = { by: 'ada', reason: 'why' };

/** A deployment whose one trigger has this name, so that tests share the ledger and nothing in it. */
async function deployed(name: string, changes: Partial<Trigger> = {}) {
  captureLog();
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  onTestFinished(() => api.stop());
  const core = coreOn(memory, api, clock);
  const until = () => new Date(clock.now().getTime() + 60_000);
  const triggers = { [name]: { ...NIGHTLY, ...changes } };
  const config = {
    apiKeySecret: 'api-key',
    hasDashboard: false,
    notify: [],
    repeatAfterMinutes: 720,
    retentionDays: 90,
    timezone: 'UTC',
    triggers,
  };
  return {
    api,
    clock,
    config,
    fire: (requestId: string) => trigger({ trigger: name, requestId }, triggers, core, until()),
    sweep: () => sweep(core, new Date(clock.now().getTime() + 90_000)),
    handleCommand: (command: Parameters<typeof handleCommand>[0]) =>
      handleCommand(command, config, core, until()),
  };
}

test('what is deployed is described, with the server that it calls and no secret', async () => {
  const { api, config, handleCommand } = await deployed('described');
  expect(await handleCommand({ command: 'describe' })).toEqual({ ...config, apiBaseUrl: api.url });
});

test('a firing that nobody knows is told as such', async () => {
  const { handleCommand } = await deployed('unknown');
  expect(await handleCommand({ command: 'poll', firing: 'no:such:firing' })).toEqual({});
  expect(await handleCommand({ command: 'retry', firing: 'no:such:firing', ...PERSON })).toEqual({
    kind: 'not-found',
  });
});

test('a look asks for an execution that is followed, and for no other', async () => {
  const followed = await deployed('followed', { follow: true });
  const { firing } = await followed.fire('1');
  const [execution] = followed.api.executions;
  if (execution) Object.assign(execution, { status: 'COMPLETED', completed_calls: 4 });
  expect(await followed.handleCommand({ command: 'poll', firing })).toMatchObject({
    firing: { id: firing, execution: { status: 'completed' } },
  });

  const left = await deployed('left-alone');
  const alone = await left.fire('1');
  const [other] = left.api.executions;
  if (other) other.status = 'COMPLETED';
  expect(await left.handleCommand({ command: 'poll', firing: alone.firing })).toMatchObject({
    firing: { state: 'started', execution: { status: 'PENDING' } },
  });
});

test('a retry sends a rejected firing at once, and no other', async () => {
  const { api, fire, handleCommand } = await deployed('retried');
  api.treatment = ({ response }) => json(response, 404, { message: 'Run test not found' });
  const { firing } = await fire('1');
  api.treatment = well;
  expect(await handleCommand({ command: 'retry', firing, ...PERSON })).toMatchObject({
    kind: 'retried',
    firing: { state: 'started' },
  });
  expect(await handleCommand({ command: 'retry', firing, ...PERSON })).toMatchObject({
    kind: 'wrong-state',
  });
  expect(api.posts).toHaveLength(2);
});

test('a retry that comes twice, as the SDK repeats it, is one', async () => {
  const { api, fire, handleCommand } = await deployed('repeated');
  api.treatment = ({ response }) => json(response, 404, { message: 'Run test not found' });
  const { firing } = await fire('1');
  api.treatment = well;
  const retry = { command: 'retry', firing, requestId: 'r', ...PERSON } as const;
  const first = await handleCommand(retry);
  expect(first).toMatchObject({ kind: 'retried', firing: { state: 'started' } });
  expect(await handleCommand(retry)).toEqual(first);
  expect(api.posts).toHaveLength(2);
});

const MISSPELT = { selectAll: false, scenarioIds: [], scenarios: ['nope'] };

test.each([
  ['it names no scenario', {}],
  ['it names one', { execute: MISSPELT }],
])('a dry run would not start a run test that is not there, where %s', async (_, choice) => {
  const { api, handleCommand } = await deployed('gone');
  api.scenarios = undefined;
  api.listStatus = () => 404;
  const answer = await handleCommand({ command: 'dry-run', trigger: 'gone', ...choice });
  expect(answer).toMatchObject({ kind: 'refused', reason: expect.stringContaining('HTTP 404') });
  expect(answer).not.toHaveProperty('fault');
});

test('a dry run tells that the run test lacks a scenario', async () => {
  const { handleCommand } = await deployed('misspelt');
  const ask = { command: 'dry-run', trigger: 'misspelt', execute: MISSPELT } as const;
  expect(await handleCommand(ask)).toMatchObject({ kind: 'refused', fault: 'selection' });
});

test('a dry run tells that another run is in the way', async () => {
  const { api, clock, handleCommand } = await deployed('occupied', { overlap: 'skip' });
  startByPerson(api, clock.now());
  expect(await handleCommand({ command: 'dry-run', trigger: 'occupied' })).toMatchObject({
    kind: 'ready',
    admission: {
      kind: 'skipped',
      policy: 'overlap',
      reason: expect.stringMatching(/^Another run is not over \(overlap: skip\): execution /),
    },
  });
  expect(api.posts).toEqual([]);
});

test('a retry looks for an unresolved firing first, and sends it at once when it is not there', async () => {
  const { api, clock, fire, sweep, handleCommand } = await deployed('doubted');
  api.treatment = ({ request }) => request.socket.resetAndDestroy();
  const { firing } = await fire('1');
  clock.advance(11);
  await sweep();
  expect(await memory.ledger.read(firing)).toMatchObject({ state: 'unresolved' });
  api.treatment = well;
  expect(await handleCommand({ command: 'retry', firing, ...PERSON })).toMatchObject({
    firing: { state: 'started', execution: { id: api.executions[0]?.id } },
  });
  expect(api.posts).toHaveLength(2);
});

test('a pause holds until it ends by itself, and a person can end it before', async () => {
  const { api, clock, fire, handleCommand } = await deployed('paused');
  const pause = { command: 'pause', trigger: 'paused', ...PERSON } as const;
  expect(await handleCommand({ ...pause, until: '2026-11-24T02:10:00Z' })).toEqual({
    pause: { at: '2026-11-24T02:00:00.000Z', until: '2026-11-24T02:10:00.000Z', ...PERSON },
  });
  expect(await fire('1')).toMatchObject({ state: 'skipped' });
  clock.advance(10);
  expect(await fire('2')).toMatchObject({ state: 'started' });

  await handleCommand(pause);
  expect(await fire('3')).toMatchObject({ state: 'skipped' });
  const resume = { command: 'resume', trigger: 'paused', ...PERSON } as const;
  expect(await handleCommand(resume)).toMatchObject({ pause: PERSON });
  expect(await handleCommand(resume)).toEqual({});
  expect(await fire('4')).toMatchObject({ state: 'started' });
  expect(api.posts).toHaveLength(2);
});

test('a pause of a trigger that was removed skips what it has left waiting', async () => {
  const before = await deployed('removed');
  before.api.treatment = ({ response }) => json(response, 429, {});
  const { firing, state } = await before.fire('1');
  expect(state).toBe('due');
  const { api, clock, sweep, handleCommand } = await deployed('others');
  const command = { trigger: 'removed', ...PERSON };
  await handleCommand({ command: 'pause', ...command });
  clock.advance(5);
  await sweep();
  expect(await memory.ledger.read(firing)).toMatchObject({ state: 'skipped' });
  expect(api.posts).toEqual([]);
  expect(await handleCommand({ command: 'resume', ...command })).toMatchObject({ pause: PERSON });
});

test.each(['spellt', ''])('a trigger %j that has never fired is not paused', async (name) => {
  const { handleCommand } = await deployed('spelt');
  const pause = handleCommand({ command: 'pause', trigger: name, ...PERSON });
  await expect(pause).rejects.toThrow(`No trigger "${name}" is deployed`);
});

test.each(['pause', 'resume'] as const)('a misspelt trigger is refused by %s', async (command) => {
  const { handleCommand } = await deployed('spelt');
  await expect(handleCommand({ command, trigger: 'spellt', ...PERSON })).rejects.toThrow(
    'No trigger "spellt" is deployed - did you mean "spelt"? Deployed: spelt',
  );
});
