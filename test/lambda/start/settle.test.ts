import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { advance } from '../../../lambda/advance.ts';
import type { Attempt } from '../../../lambda/firing/firing.ts';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import { settle } from '../../../lambda/start/settle.ts';
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

/** A day, the longest start deadline, in the shortest pauses that the retries come to. */
const MOST_ATTEMPTS = 1440 / 2.5;

test('a firing that the API throttles for a whole day expires, whatever its attempts add up to', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
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
  const { firing: id } = await trigger(event, triggers, core, minutesAfter(clock.now(), 1));
  const first = await memory.ledger.read(id);
  if (!first?.attempts[0]) throw new Error('not sent');
  const attempts = Array<Attempt>(MOST_ATTEMPTS - 1).fill(first.attempts[0]);
  if (first.state !== 'due') throw new Error('not due');
  await memory.ledger.write(first, { ...first, attempts });

  clock.advance(5);
  await sweep(core, minutesAfter(clock.now(), 1.5));
  const last = await memory.ledger.read(id);
  expect(last).toMatchObject({ state: 'due', attempts: { length: MOST_ATTEMPTS } });
  expect(last?.nextCheckAt).toBe(minutesAfter(clock.now(), 2.5).toISOString());
  expect(JSON.stringify(last).length).toBeLessThan(300_000);

  clock.advance(1440);
  await sweep(core, minutesAfter(clock.now(), 1.5));
  expect(await memory.ledger.read(id)).toMatchObject({
    state: 'expired',
    attempts: { length: MOST_ATTEMPTS },
  });
  await api.stop();
});

test('why a start is refused is recorded, without the lists that no message can hold', async () => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const api = await startRemoteApi({ now: clock.now });
  const named = () => ({ id: randomUUID(), name: 'x'.repeat(255) });
  api.scenarios = Array.from({ length: 10 }, named);
  const secrets = { 'api-key': '{"apiKey":"key","secretKey":"secret"}' };
  const core = coreOn(memory, api, clock, secrets);
  const scenarioIds = Array.from({ length: 100 }, () => randomUUID());
  const triggers = { nightly: { ...NIGHTLY, execute: { selectAll: false, scenarioIds } } };
  const event = { trigger: 'nightly', requestId: 'unknown scenarios' };
  const report = await trigger(event, triggers, core, minutesAfter(clock.now(), 1));
  expect(report).toMatchObject({
    state: 'rejected',
    message: expect.stringContaining(`The run test has no scenario ${scenarioIds[0]}`),
  });
  expect(report.message?.length).toBeLessThanOrEqual(1_000);
  await api.stop();
});

/** A firing that a function sends, and whose lease lasts until two minutes after the time. */
async function sendingFiring(requestId: string) {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const at = clock.now();
  const core = coreOn(memory, { url: 'http://127.0.0.1:1' }, clock);
  const cause = { kind: 'command', requestId } as const;
  const due = newFiring({ trigger: 'nightly', cause, at }, NIGHTLY, at);
  const { firing } = await memory.ledger.record(due);
  const sentAt = at.toISOString();
  const sending = await memory.ledger.write(firing, {
    ...due,
    state: 'sending',
    runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
    sentAt,
    leaseUntil: minutesAfter(at, 2).toISOString(),
    attempts: [{ sentAt }],
  });
  if (!sending) throw new Error('not written');
  return { clock, core, sending };
}

test('a firing belongs to the function that sends it until its lease is over', async () => {
  const { clock, core, sending } = await sendingFiring('leased');
  clock.advance(1.9);
  expect(await advance(sending, core, minutesAfter(clock.now(), 1))).toEqual(sending);
  clock.advance(0.1);
  expect(await advance(sending, core, minutesAfter(clock.now(), 1))).toMatchObject({
    state: 'unknown',
    attempts: [{ message: 'the function died while the request was in flight' }],
  });
});

// what a function that was thought dead has to say at last, what the firing is then
test.each([
  ['nothing new', { kind: 'unknown', message: 'reset' }, 'unresolved'],
  ['that nothing left', { kind: 'not-started', message: 'refused' }, 'due'],
  ['the answer', { kind: 'started', status: 200, execution: { id: 'e', status: 'x' } }, 'started'],
] as const)('a firing given up meanwhile is settled by %s', async (what, outcome, state) => {
  const { core, sending } = await sendingFiring(what);
  const { leaseUntil, ...sent } = sending;
  await memory.ledger.write(sending, { ...sent, state: 'unresolved', reason: 'no answer' });
  expect((await settle(sending, outcome, core)).state).toBe(state);
});
