import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, startedBody, startRemoteApi } from '../../support/remote-api.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
let log: Record<string, unknown>[];
beforeEach(() => {
  log = captureLog();
});

function minutesAfter(time: Date, minutes: number): Date {
  return new Date(time.getTime() + minutes * 60_000);
}

test('an execution of 20,000 scenarios is recorded, without a list that no item can hold', async () => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  api.treatment = ({ response, create }) => {
    const scenario_ids = Array.from({ length: 20_000 }, () => randomUUID());
    json(response, 200, { ...startedBody(create()), scenario_ids, total_scenarios: 20_000 });
  };
  const core = coreOn(memory, api, clock);
  const event = { trigger: 'nightly', requestId: 'large' };
  const until = minutesAfter(clock.now(), 1);
  const report = await trigger(event, { nightly: NIGHTLY }, core, until);
  expect(report).toMatchObject({ state: 'started', total_scenarios: 20_000 });
  expect(log.at(-1)).toMatchObject({ event: 'execution_started', scenario_ids: undefined });
  await api.stop();
});

test('a firing that the API throttles for a whole day expires, whatever its attempts add up to', async () => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  const started_at = '2026-11-01T00:00:00Z';
  for (let index = 0; index < 25; index += 1) {
    api.executions.push({ id: randomUUID(), status: 'COMPLETED', started_at, scenario_ids: [] });
  }
  api.treatment = ({ response }) => json(response, 429, { message: 'x'.repeat(1_000) });
  const core = coreOn(memory, api, clock);
  const triggers = { nightly: { ...NIGHTLY, startDeadlineMinutes: 1440 } };
  const event = { trigger: 'nightly', requestId: 'day' };
  const { firing } = await trigger(event, triggers, core, minutesAfter(clock.now(), 1));
  for (let look = 0; look < 500; look += 1) {
    clock.advance(3);
    await sweep(core, minutesAfter(clock.now(), 1.5));
  }
  const last = await memory.ledger.read(firing);
  expect(last?.state).toBe('expired');
  expect(last?.attempts.length).toBeGreaterThan(200);
  expect(JSON.stringify(last).length).toBeLessThan(300_000);
  await api.stop();
});
