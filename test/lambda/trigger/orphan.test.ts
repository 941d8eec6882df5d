import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY, newSecrets } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';

const clock = clockAt('2026-11-24T02:00:00Z');
const published: ServiceEvent[] = [];
let memory: MemoryLedger;
let api: RemoteApi;
beforeAll(async () => {
  memory = await startMemoryLedger();
  api = await startRemoteApi({ now: clock.now });
});
afterAll(() => Promise.all([memory.stop(), api.stop()]));

test('an occurrence of a renamed trigger starts nothing, ends once in the ledger, and people are told', async () => {
  const log = captureLog();
  const core = coreOn(memory, api, clock, newSecrets(), published);
  const until = new Date(clock.now().getTime() + 90_000);
  const event = { trigger: 'old-name', schedule: 'early', scheduledTime: '2026-11-24T02:00:00Z' };
  const fire = () => trigger(event, { 'new-name': NIGHTLY }, core, until);
  const message =
    'No trigger "old-name" is deployed any more: it was renamed or removed while this occurrence was under way.';
  const firing = 'old-name:schedule-early:2026-11-24T02:00:00Z';
  expect(await fire()).toMatchObject({ firing, trigger: 'old-name', state: 'expired', message });
  expect(await fire()).toMatchObject({ firing, duplicate: true });
  await sweep(core, until);
  expect(api.posts).toEqual([]);
  expect(log.map(({ event }) => event)).toEqual([
    'start_expired',
    'firing_duplicated',
    'firings_counted',
    'sweep_finished',
  ]);
  expect(published).toMatchObject([{ kind: 'expired', firing, reasons: [message] }]);
  expect(await memory.ledger.read(firing)).not.toHaveProperty('nextCheckAt');
});
