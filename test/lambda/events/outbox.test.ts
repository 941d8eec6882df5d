import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { readReference } from '../../../lambda/follow/reference.ts';
import { resumeTrigger } from '../../../lambda/policies/pause.ts';
import { retryFiring } from '../../../lambda/start/retry.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, newSecrets } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, type RemoteApi, startRemoteApi, well } from '../../support/remote-api.ts';

const ORDER = { by: 'ada', reason: 'the plan was upgraded' };
const UNASKED = 'a1b2c3d4-0000-4000-8000-000000000000';

let memory: MemoryLedger;
let api: RemoteApi;
let clock: Clock;
let core: Core;
let published: ServiceEvent[];
let count = 0;
/** Each test has a trigger of its own on the shared ledger. */
let name: string;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(async () => {
  captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  api = await startRemoteApi({ now: clock.now });
  published = [];
  core = coreOn(memory, api, clock, newSecrets(), published);
  count += 1;
  name = `t-${count}`;
  return () => api.stop();
});

/** As the trigger function does it, which leaves the telling to the sweep. */
async function fire(requestId: string, changes: Partial<Trigger> = {}): Promise<string> {
  const event = { trigger: name, requestId };
  const entry = { ...NIGHTLY, ...changes };
  return (await trigger(event, { [name]: entry }, core, inMinutes(1))).firing;
}

function inMinutes(minutes: number): Date {
  return new Date(clock.now().getTime() + minutes * 60_000);
}

async function nextSweep(): Promise<void> {
  clock.advance(1);
  await sweep(core, inMinutes(1.5));
}

function refuse(status: number): void {
  api.treatment = ({ response }) => json(response, status, { message: 'Not in your plan' });
}

/** All executions are over. */
function end(status: string): void {
  for (const execution of api.executions) {
    Object.assign(execution, { status, total_calls: 2, completed_calls: 2, failed_calls: 0 });
  }
}

const told = () => published.map(({ kind, repeated }) => (repeated ? `${kind} again` : kind));

test('a start that runs other scenarios than asked for recovers nothing, and is told once', async () => {
  const execute = { selectAll: false, scenarioIds: [UNASKED] };
  await fire('first night', { execute });
  await nextSweep();
  await fire('second night', { execute });
  await nextSweep();
  expect(told()).toEqual(['started', 'mismatch', 'started', 'mismatch again']);
});

test('a trigger that is paused by itself has not recovered, whatever a person has started in it', async () => {
  refuse(402);
  const id = await fire('night');
  await nextSweep();
  api.treatment = well;
  await retryFiring(id, ORDER, core);
  await nextSweep();
  expect(told()).toEqual(['rejected', 'paused', 'started']);

  await resumeTrigger({ trigger: name, ...ORDER }, core);
  await fire('next night');
  await nextSweep();
  expect(told()).toEqual(['rejected', 'paused', 'started', 'started', 'recovered']);
  expect(published.at(-1)?.reasons).toEqual([
    'It was refused before, since 2026-11-24T02:00:00.000Z, 1 run.',
    'It was paused before, since 2026-11-24T02:00:00.000Z, 1 run.',
  ]);
});

test('what happens to a firing that was sent again is an event of its own', async () => {
  refuse(404);
  const id = await fire('night');
  await nextSweep();
  await retryFiring(id, ORDER, core);
  await nextSweep();
  expect(published.map((event) => event.id)).toEqual([`${id}/rejected`, `${id}/rejected/2`]);
});

test('a refusal that nobody was told of before the firing was sent again is told no more', async () => {
  refuse(404);
  const id = await fire('night');
  api.treatment = well;
  await retryFiring(id, ORDER, core);
  await nextSweep();
  expect(told()).toEqual(['started']);
});

test('an execution of other scenarios than asked for is no list of known executions for later ones', async () => {
  const id = await fire('night', {
    execute: { selectAll: false, scenarioIds: [UNASKED] },
    follow: true,
  });
  end('COMPLETED');
  await nextSweep();
  expect(told()).toEqual(['started', 'mismatch', 'passed']);
  const firing = await memory.ledger.read(id);
  expect(firing && (await readReference({ ...firing, id: 'the next' }, core.ledger))).toEqual([]);
});

test('an execution that began before something went wrong does not show that it is over', async () => {
  const follow = { follow: true };
  await fire('long', follow);
  await nextSweep();
  refuse(404);
  await fire('refused', follow);
  await nextSweep();
  api.treatment = well;
  end('COMPLETED');
  clock.advance(5);
  await nextSweep();
  expect(told()).toEqual(['started', 'rejected', 'passed']);

  await fire('next', follow);
  end('COMPLETED');
  await nextSweep();
  expect(told().slice(3)).toEqual(['started', 'passed', 'recovered']);
});

test('a trigger that pauses itself anew after a person has resumed it is told anew', async () => {
  refuse(402);
  await fire('night');
  await nextSweep();
  await resumeTrigger({ trigger: name, ...ORDER }, core);
  clock.advance(1);
  await fire('next night');
  await nextSweep();
  expect(told()).toEqual(['rejected', 'paused', 'rejected again', 'paused']);
});

test('where the bus refuses events together, those of each firing are published by themselves', async () => {
  const { publish } = core;
  core = {
    ...core,
    publish: async (events) => {
      if (events.length > 1) throw new Error('the bus is down');
      await publish(events);
    },
  };
  const firings = [await fire('one'), await fire('other')];
  await nextSweep();
  expect(told()).toEqual(['started', 'started']);
  expect(published.map(({ firing }) => firing)).toEqual(expect.arrayContaining(firings));
});

test('each firing that may have started is told, since each needs a decision of its own', async () => {
  api.treatment = ({ request }) => request.socket.destroy();
  await fire('night');
  clock.advance(12);
  await nextSweep();
  await nextSweep();
  await fire('next night');
  clock.advance(12);
  await nextSweep();
  await nextSweep();
  expect(told()).toEqual(['unresolved', 'unresolved']);
});
