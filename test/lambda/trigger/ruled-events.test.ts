import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventRule, Trigger } from '../../../lambda/firing/trigger.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';

const AT = '2026-11-24T02:00:00Z';
const SCENARIO = '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5';

let memory: MemoryLedger;
let api: RemoteApi;
let clock: Clock;
let core: Core;
let log: Record<string, unknown>[];
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(async () => {
  log = captureLog();
  clock = clockAt(AT);
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock);
  return api.stop;
});

const PIPELINE: EventRule = { pattern: { source: ['aws.codepipeline'] }, bus: 'default' };

/** A trigger with a name that no other test uses. */
function withRule(rule: EventRule, settings: Partial<Trigger> = {}) {
  const name = `t-${crypto.randomUUID()}`;
  const triggers = { [name]: { ...NIGHTLY, ...settings, events: [rule] } };
  return (event: object) => {
    const whole = { source: 'aws.codepipeline', time: AT, detail: {}, ...event };
    return trigger(
      { trigger: name, rule: 0, event: whole },
      triggers,
      core,
      new Date(clock.now().getTime() + 60_000),
    );
  };
}

test('an event fires once, whatever else of it is repeated', async () => {
  const fire = withRule(PIPELINE);
  expect(await fire({ id: 'e-1' })).toMatchObject({
    firing: expect.stringMatching(/^t-.*:event:e-1$/),
    state: 'started',
  });
  expect(await fire({ id: 'e-1', detail: { more: 1 } })).toMatchObject({ duplicate: true });
  expect(await fire({ id: 'e-2' })).toMatchObject({ state: 'started' });
  expect(api.posts).toHaveLength(2);
});

test('an event that arrives after the start deadline starts nothing', async () => {
  const fire = withRule(PIPELINE);
  expect(await fire({ id: 'e-1', time: '2026-11-24T01:44:00Z' })).toMatchObject({
    state: 'expired',
  });
  expect(api.posts).toEqual([]);
});

test('events within the time of the first one join its firing', async () => {
  const fire = withRule({ ...PIPELINE, coalesceMinutes: 2 });
  const { firing } = await fire({ id: 'e-1' });
  clock.advance(1);
  expect(await fire({ id: 'e-2' })).toMatchObject({ firing, duplicate: true });
  expect(log).toContainEqual({
    event: 'event_joined',
    firing,
    trigger: firing.split(':')[0],
    event_id: 'e-2',
  });
  clock.advance(2);
  const time = clock.now().toISOString();
  expect(await fire({ id: 'e-3', time })).toMatchObject({ state: 'started' });
  expect(await fire({ id: 'e-2' })).toMatchObject({ firing });
  expect(api.posts).toHaveLength(2);
});

test('the detail chooses only what the rule allows', async () => {
  const detail = { scenarioIds: [SCENARIO], selectAll: false };
  await withRule(PIPELINE)({ id: 'e-1', detail });
  await withRule({ ...PIPELINE, allow: ['scenarioIds', 'selectAll'] })({ id: 'e-1', detail });
  await expect(
    withRule({ ...PIPELINE, allow: ['simulatorId'] })({ id: 'e-1', detail }),
  ).rejects.toThrow(
    'What the event chooses cannot be started: scenarioIds may not be chosen for this trigger',
  );
  expect(api.posts.map(({ body }) => JSON.parse(body))).toEqual([
    { selectAll: true, scenarioIds: [] },
    { selectAll: false, scenarioIds: [SCENARIO] },
  ]);
});

test('copies of another trigger’s end fire once', async () => {
  const fire = withRule({ after: 'smoke', kinds: ['passed'] });
  const own = {
    source: 'run-test-trigger',
    detail: { id: 'smoke:command:r-1/passed', trigger: 'smoke', kind: 'passed' },
  };
  const first = await fire({ ...own, id: 'envelope-1' });
  expect(first.firing).toMatch(/:event:sha256-[0-9a-f]{64}$/);
  expect(await fire({ ...own, id: 'envelope-2' })).toMatchObject({
    firing: first.firing,
    duplicate: true,
  });
  expect(api.posts).toHaveLength(1);
});

test.each([
  ['by a pattern', PIPELINE],
  ['by the end of another trigger', { after: 'other', kinds: ['passed'] } as const],
])('an event of the service itself that arrives %s fires nothing', async (_, rule) => {
  const detail = { id: 'smoke:command:r-1/passed', trigger: 'smoke' };
  await expect(withRule(rule)({ id: 'e-1', source: 'run-test-trigger', detail })).rejects.toThrow(
    'An event of this service fires only the triggers that name its trigger with after',
  );
  expect(api.posts).toEqual([]);
});

test('a rule that was removed since is said', async () => {
  const event = { id: 'e-1', source: 'shop', time: AT, detail: {} };
  await expect(
    trigger({ trigger: 'nightly', rule: 0, event }, { nightly: NIGHTLY }, core, clock.now()),
  ).rejects.toThrow('The trigger nightly has no events[0]: deploy again');
});
