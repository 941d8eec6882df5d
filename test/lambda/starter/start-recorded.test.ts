import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { startRecorded } from '../../../lambda/starter/start-recorded.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';

let memory: MemoryLedger;
let clock: Clock;
let api: RemoteApi;
let core: Core;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(async () => {
  captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock);
  return api.stop;
});

const until = () => new Date(clock.now().getTime() + 60_000);
async function recorded(deliveryId: string) {
  const occurrence = {
    trigger: 'nightly',
    cause: { kind: 'delivery', deliveryId } as const,
    at: clock.now(),
  };
  const firing = newFiring(occurrence, NIGHTLY, clock.now());
  await core.ledger.record(firing);
  return { firing: firing.id, revision: firing.revision };
}

test('a firing that was recorded is started once, however often its event comes', async () => {
  const event = await recorded('msg_1');
  await Promise.all([1, 2, 3].map(() => startRecorded(event, core, until())));
  await startRecorded(event, core, until());
  expect((await core.ledger.read(event.firing))?.state).toBe('started');
  expect(api.posts).toHaveLength(1);
});

test('an event that comes again does not send a firing that waits for the API', async () => {
  api.treatment = ({ response }) => json(response, 429, {}, { 'retry-after': '60' });
  const event = await recorded('msg_2');
  await startRecorded(event, core, until());
  await startRecorded(event, core, until());
  expect((await core.ledger.read(event.firing))?.state).toBe('due');
  expect(api.posts).toHaveLength(1);
});

test('a firing that is not in the ledger is an error', async () => {
  await expect(
    startRecorded({ firing: 'nightly:delivery:x', revision: 'r' }, core, until()),
  ).rejects.toThrow('The ledger has no firing nightly:delivery:x');
});
