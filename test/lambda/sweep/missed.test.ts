import { expect, onTestFinished, test } from 'vitest';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import { measure } from '../../../lambda/runtime/log.ts';
import { retryFiring } from '../../../lambda/start/retry.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { loseOccurrence, watchSchedules } from '../../../lambda/sweep/watch-schedules.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { formatFiring } from '../../../lib/cli/show.ts';
import { parseExpression } from '../../../lib/config/schedule-expression.ts';
import { shortId } from '../../../lib/views/firing-reference.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { configOf } from '../../support/config-of.ts';
import { coreOn, NIGHTLY, newSecrets } from '../../support/fixture.ts';
import { startMemoryLedger } from '../../support/memory-ledger.ts';
import { startRemoteApi } from '../../support/remote-api.ts';

const ID = 'nightly:schedule-early:2026-11-24T01:30:00Z';
const REASON =
  'It was due at 2026-11-24T01:30:00.000Z, and nothing had fired by 2026-11-24T01:40:00.000Z.';
const WHAT_TO_DO =
  'Look at the dead-letter queues and the alarms of EventBridge Scheduler. Send the firing again if the run is still wanted.';

/** A trigger that should fire at 01:30, at 01:00; sweeps run as the sweep function has them. */
async function world({ expression = 'cron(30 1 * * ? *)' } = {}) {
  const schedule = {
    ...parseExpression(expression),
    name: 'early',
    timezone: 'UTC',
    flexibleWindowMinutes: 0,
    enabled: true,
  };
  const triggers = { nightly: { ...NIGHTLY, schedules: [schedule] } };
  const log = captureLog();
  const clock = clockAt('2026-11-24T01:00:00Z');
  const memory = await startMemoryLedger();
  const api = await startRemoteApi({ now: clock.now });
  const published: ServiceEvent[] = [];
  const core = coreOn(memory, api, clock, newSecrets(), published);
  onTestFinished(async () => void (await Promise.all([memory.stop(), api.stop()])));
  const soon = () => new Date(clock.now().getTime() + 90_000);
  const deployed = configOf(triggers);
  const sweepOnce = async () => {
    await watchSchedules(deployed, core);
    await sweep(core, soon());
  };
  await sweepOnce();
  return {
    ...{ log, clock, api, core, published, ledger: memory.ledger, soon, sweepOnce },
    lose: () =>
      loseOccurrence({ name: 'nightly', trigger: triggers.nightly, schedule: 'early' }, core),
    /** With a sweep every five minutes, at 01:05 and so on, and one at the end. */
    async until(time: string) {
      for (;;) {
        const left = (Date.parse(time) - clock.now().getTime()) / 60_000;
        if (left <= 0) return;
        clock.advance(Math.min(left, 5 - (clock.now().getUTCMinutes() % 5)));
        await sweepOnce();
      }
    },
    event: () =>
      trigger(
        { trigger: 'nightly', schedule: 'early', scheduledTime: '2026-11-24T01:30:00Z' },
        triggers,
        core,
        soon(),
      ),
    kinds: () => published.map(({ kind }) => kind),
  };
}

test('an occurrence that nobody recorded is told once, with its firing and what to do', async () => {
  const { until, published, log } = await world();
  await until('2026-11-24T01:39:00Z');
  expect(published).toEqual([]);
  await until('2026-11-24T02:00:00Z');
  expect(published).toEqual([
    {
      version: 1,
      severity: 'critical',
      id: `${ID}/missed`,
      kind: 'missed',
      trigger: 'nightly',
      firing: ID,
      time: '2026-11-24T01:40:00.000Z',
      reasons: [REASON],
      what_to_do: WHAT_TO_DO,
      run_test_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      schedule: { name: 'early', scheduled_time: '2026-11-24T01:30:00.000Z' },
      repeated: false,
    },
  ]);
  expect(log.filter(({ event }) => event === 'schedule_missed')).toEqual([
    {
      event: 'schedule_missed',
      trigger: 'nightly',
      firing: ID,
      schedule: 'early',
      scheduled_time: '2026-11-24T01:30:00.000Z',
      message: REASON,
    },
  ]);
});

test('the night that did not happen is in the history, and shows what to do next', async () => {
  const { until, ledger } = await world();
  await until('2026-11-24T02:00:00Z');
  expect(await Array.fromAsync(ledger.ofTrigger('nightly'))).toMatchObject([
    { id: ID, state: 'missed', reason: REASON },
  ]);
  const firing = await ledger.read(ID);
  expect(firing).not.toHaveProperty('nextCheckAt');
  const shown = { link: undefined, typed: (words: string) => `rtt ${words}` };
  const text = firing && formatFiring(firing, shown, (_, plain) => plain);
  expect(text?.split('\n').slice(0, 6)).toEqual([
    'Did not fire',
    `  firing     ${ID}`,
    `  short id   ${shortId(ID)}`,
    '  state      missed',
    '  trigger    nightly',
    '  cause      schedule early at 2026-11-24T01:30:00.000Z',
  ]);
  expect(text).toContain(`    rtt retry ${shortId(ID)} --reason "it is still wanted"\n`);
});

test('an event that comes after all, before the start deadline, starts it once', async () => {
  const { until, event, api, kinds, ledger } = await world();
  await until('2026-11-24T01:42:00Z');
  expect(await event()).toMatchObject({ firing: ID, state: 'due' });
  await until('2026-11-24T01:44:00Z');
  expect(await event()).toMatchObject({ firing: ID, state: 'started', duplicate: true });
  expect(kinds()).toEqual(['missed', 'started', 'recovered']);
  expect(api.executions).toHaveLength(1);
  expect(await ledger.read(ID)).not.toHaveProperty('reason');
});

test('two copies of the late event start it once', async () => {
  const { until, event, api } = await world();
  await until('2026-11-24T01:42:00Z');
  await Promise.all([event(), event()]);
  await until('2026-11-24T01:44:00Z');
  expect(api.executions).toHaveLength(1);
});

test('an event after the start deadline leaves it missed', async () => {
  const { until, event, api, kinds } = await world();
  await until('2026-11-24T01:45:00Z');
  expect(await event()).toMatchObject({ firing: ID, state: 'missed', duplicate: true });
  expect(kinds()).toEqual(['missed']);
  expect(api.executions).toEqual([]);
});

test('a person has it sent after all, and a late event starts no second one', async () => {
  const { until, event, api, core, kinds } = await world();
  await until('2026-11-24T01:42:00Z');
  const retried = await retryFiring(ID, { by: 'ada', reason: 'it was missed' }, core);
  expect(retried.kind).toBe('retried');
  expect(await event()).toMatchObject({ firing: ID, state: 'due', duplicate: true });
  await until('2026-11-24T01:44:00Z');
  expect(api.executions).toHaveLength(1);
  expect(kinds()).toEqual(['missed', 'started', 'recovered']);
});

test('a schedule that goes on being missed is told as repeated within twelve hours', async () => {
  const { until, clock, published } = await world({ expression: 'cron(30 1/4 * * ? *)' });
  await until('2026-11-24T01:41:00Z');
  clock.advance(8 * 60);
  await until('2026-11-24T09:42:00Z');
  expect(published.map(({ firing, repeated }) => [firing, repeated])).toEqual([
    [ID, false],
    ['nightly:schedule-early:2026-11-24T05:30:00Z', true],
    ['nightly:schedule-early:2026-11-24T09:30:00Z', true],
  ]);
});

test('an occurrence that is lost on purpose is told by the next sweep, and those of the schedule as before', async () => {
  const { lose, sweepOnce, until, published } = await world();
  expect(await lose()).toEqual(new Date('2026-11-24T00:50:00Z'));
  await sweepOnce();
  const ids = () => published.map(({ kind, firing }) => [kind, firing]);
  const lost = ['missed', 'nightly:schedule-early:2026-11-24T00:50:00Z'];
  expect(ids()).toEqual([lost]);
  await until('2026-11-24T01:41:00Z');
  expect(ids()).toEqual([lost, ['missed', ID]]);
});

test('a firing that was skipped is not counted as open', async () => {
  const { core, ledger, clock, log, soon } = await world();
  const occurrence = (requestId: string) =>
    ({ trigger: 'nightly', cause: { kind: 'command', requestId }, at: clock.now() }) as const;
  const skipped = newFiring(occurrence('skipped'), NIGHTLY, clock.now());
  const due = newFiring(occurrence('waits'), NIGHTLY, clock.now());
  const later = new Date(clock.now().getTime() + 600_000).toISOString();
  await ledger.record({ ...skipped, state: 'skipped', reason: 'Over.', nextCheckAt: later });
  await ledger.record({ ...due, nextCheckAt: later });
  await sweep(core, soon());
  const counted = log.filter(({ event }) => event === 'firings_counted');
  expect(counted).toEqual([{ event: 'firings_counted', open: 1, oldest_age_s: 0 }]);
  log.splice(0);
  measure(['nightly']);
  await sweep(core, soon());
  measure([]);
  expect(log).toMatchObject([
    { event: 'firings_counted', open: 1 },
    { event: 'firings_counted', open: 1, trigger: 'nightly', measured: true },
  ]);
});
