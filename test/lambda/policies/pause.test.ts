import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { advance } from '../../../lambda/advance.ts';
import { pauseTrigger, readPause, resumeTrigger } from '../../../lambda/policies/pause.ts';
import { countOutcome } from '../../../lambda/policies/rejections.ts';
import { RefusedError } from '../../../lambda/runtime/refused.ts';
import { retryFiring } from '../../../lambda/start/retry.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, type RemoteApi, startRemoteApi, well } from '../../support/remote-api.ts';

let memory: MemoryLedger;
let api: RemoteApi;
let clock: Clock;
let core: Core;
let log: Record<string, unknown>[];
let count = 0;
let name: string;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(async () => {
  log = captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock);
  count += 1;
  name = `p-${count}`;
  return () => api.stop();
});

let requests = 0;

/** Fires by hand and returns the report with the firing. */
async function fire(extra: object = {}) {
  requests += 1;
  const event = { trigger: name, requestId: `r${requests}`, ...extra };
  const until = new Date(clock.now().getTime() + 60_000);
  const report = await trigger(event, { [name]: NIGHTLY }, core, until);
  const firing = await memory.ledger.read(report.firing);
  if (!firing) throw new Error(`${report.firing} is not in the ledger`);
  return { report, firing };
}

/** A start that the API refuses with this status, noted. */
async function reject(status: number) {
  clock.advance(1);
  api.treatment = ({ response }) => json(response, status, { message: 'no' });
  const { firing } = await fire();
  const paused = await countOutcome(firing, core);
  return { firing, paused };
}

const events = (event: string) => log.filter((entry) => entry.event === event);

test('what others write at each try changes nothing, and is answered with the command', async () => {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => random.mockRestore());
  const busy = { ...core, ledger: { ...memory.ledger, writeItem: async () => false } };
  const until = new Date('2026-11-24T03:00:00Z');
  const refused = pauseTrigger({ trigger: name, by: 'ada', reason: "it's late", until }, busy);
  await expect(refused).rejects.toThrow(
    new RefusedError(
      `Nothing was changed, because too many starts are counted at this moment. Try again: npx rtt pause ${name} --reason 'it'\\''s late' --until 2026-11-24T03:00:00.000Z`,
    ),
  );
  expect(await readPause(name, core)).toBeUndefined();
});

test('a paused trigger starts nothing until it is resumed', async () => {
  await pauseTrigger({ trigger: name, by: 'ada', reason: 'Deploying.' }, core);
  const { report } = await fire();
  expect(report).toMatchObject({
    state: 'skipped',
    message: `${name} is paused (by ada, 2026-11-24T02:00:00.000Z): Deploying.`,
  });
  expect(events('start_skipped')).toMatchObject([{ trigger: name, policy: 'pause' }]);
  const resumed = await resumeTrigger({ trigger: name, by: 'bob', reason: 'Done.' }, core);
  expect(resumed).toMatchObject({ by: 'ada', reason: 'Deploying.' });
  expect((await fire()).report.state).toBe('started');
  expect(await resumeTrigger({ trigger: name, by: 'bob', reason: 'Again.' }, core)).toBeUndefined();
  expect(log.filter(({ event }) => String(event).startsWith('trigger_'))).toEqual([
    { event: 'trigger_paused', trigger: name, by: 'ada', message: 'Deploying.' },
    { event: 'trigger_resumed', trigger: name, by: 'bob', message: 'Done.' },
  ]);
});

test('a pause ends by itself at its end', async () => {
  const until = new Date('2026-11-24T03:00:00Z');
  await pauseTrigger({ trigger: name, by: 'ada', reason: 'Night.', until }, core);
  expect((await fire()).report.message).toBe(
    `${name} is paused until 2026-11-24T03:00:00.000Z (by ada, 2026-11-24T02:00:00.000Z): Night.`,
  );
  clock.advance(59);
  expect((await fire()).report.state).toBe('skipped');
  clock.advance(1);
  expect(await readPause(name, core)).toBeUndefined();
  expect((await fire()).report.state).toBe('started');
});

test('everything can be paused, and a person can insist', async () => {
  await pauseTrigger({ by: 'ada', reason: 'Too dear.' }, core);
  expect((await fire()).report.message).toBe(
    'Every trigger is paused (by ada, 2026-11-24T02:00:00.000Z): Too dear.',
  );
  expect((await fire({ evenIfPaused: true })).report.state).toBe('started');
  expect(await readPause(undefined, core)).toMatchObject({ by: 'ada' });
  await resumeTrigger({ by: 'ada', reason: 'Paid.' }, core);
  expect((await fire()).report.state).toBe('started');
});

test('a firing that is put off when its trigger is paused is skipped', async () => {
  api.treatment = ({ response }) => json(response, 429, {});
  const { firing } = await fire();
  await pauseTrigger({ trigger: name, by: 'ada', reason: 'Stop.' }, core);
  clock.advance(5);
  api.treatment = well;
  const next = await advance(firing, core, new Date(clock.now().getTime() + 60_000));
  expect(next.state).toBe('skipped');
  expect(api.posts).toHaveLength(1);
});

test('five rejections in a row pause the trigger, which is told once', async () => {
  const outcomes = [];
  for (let start = 0; start < 5; start += 1) outcomes.push(await reject(404));
  const reason =
    '5 starts in a row were rejected, the last one because: no (HTTP 404). Check runTestId in triggers.yaml: no such run test is visible to this API key.';
  expect(outcomes.map(({ paused }) => paused)).toEqual([...Array(4), reason]);
  const last = outcomes.at(-1)?.firing;
  expect(events('trigger_paused')).toEqual([
    {
      event: 'trigger_paused',
      trigger: name,
      firing: last?.id,
      by: 'run-test-trigger',
      message: reason,
      what_to_do: 'Remove the cause, then resume the trigger.',
    },
  ]);
  expect((await fire()).report.state).toBe('skipped');
  // A crash after the call repeats it: the same news, and no second log line.
  if (last) expect(await countOutcome(last, core)).toBe(reason);
  expect(events('trigger_paused')).toHaveLength(1);
  await resumeTrigger({ trigger: name, by: 'ada', reason: 'Mended.' }, core);
  if (last) expect(await countOutcome(last, core)).toBeUndefined();
  api.treatment = well;
  expect((await fire()).report.state).toBe('started');
});

test('a start in between begins the count anew, and noting a rejection again counts nothing', async () => {
  for (let start = 0; start < 4; start += 1) {
    const { firing } = await reject(404);
    expect(await countOutcome(firing, core)).toBeUndefined();
  }
  clock.advance(1);
  api.treatment = well;
  await countOutcome((await fire()).firing, core);
  for (let start = 0; start < 4; start += 1) expect((await reject(404)).paused).toBeUndefined();
  expect((await reject(404)).paused).toMatch(/^5 starts in a row were rejected/);
});

test.each([401, 402, 403])('HTTP %i pauses at once', async (status) => {
  const { paused, firing } = await reject(status);
  expect(paused).toContain(`no (HTTP ${status}). `);
  expect(events('trigger_paused')).toMatchObject([{ message: paused }]);
  await resumeTrigger({ trigger: name, by: 'ada', reason: 'Mended.' }, core);
  expect(await countOutcome(firing, core), 'noted again after a person resumed').toBeUndefined();
});

test('an execution that ends after later starts were rejected does not hide them', async () => {
  const early = await fire();
  for (let start = 0; start < 4; start += 1) await reject(404);
  await countOutcome(early.firing, core);
  expect((await reject(404)).paused).toMatch(/^5 starts in a row were rejected/);
});

test('a person’s pause is not replaced by the service’s own', async () => {
  await pauseTrigger({ trigger: name, by: 'ada', reason: 'Mine.' }, core);
  api.treatment = ({ response }) => json(response, 403, {});
  const { firing } = await fire({ evenIfPaused: true });
  expect(await countOutcome(firing, core)).toBeUndefined();
  expect(await readPause(name, core)).toMatchObject({ by: 'ada' });
});

test('a firing that a person has sent again after the pause passes it', async () => {
  const { firing } = await reject(403);
  api.treatment = well;
  clock.advance(1);
  await retryFiring(firing.id, { by: 'ada', reason: 'Allowed now.' }, core);
  const retried = await memory.ledger.read(firing.id);
  const until = new Date(clock.now().getTime() + 60_000);
  expect(retried && (await advance(retried, core, until)).state).toBe('started');
  expect((await fire()).report.state).toBe('skipped');
});
