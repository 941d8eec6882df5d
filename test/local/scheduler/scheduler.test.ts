import { setImmediate as macrotask } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { parseExpression } from '../../../lib/config/schedule-expression.ts';
import type { LocalSchedule } from '../../../lib/local/assembly/assembly.ts';
import { inputOf, runSchedules } from '../../../lib/local/scheduler/scheduler.ts';
import { manualClock } from '../manual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function schedule(expression: string, changes: Partial<LocalSchedule> = {}): LocalSchedule {
  return {
    name: 'nightly.early',
    schedule: {
      ...parseExpression(expression),
      timezone: 'UTC',
      flexibleWindowMinutes: 0,
      enabled: true,
    },
    functionArn: 'arn',
    input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}',
    maxEventAgeSeconds: 600,
    ...changes,
  };
}

function run(local: LocalSchedule, now: string, createdAt = now) {
  const clock = manualClock(now);
  const stopping = new AbortController();
  const events: string[] = [];
  const done = runSchedules([local], {
    clock,
    signal: stopping.signal,
    from: clock.now(),
    createdAt: () => new Date(createdAt),
    fire: (_schedule, time) => events.push(`fired ${time.toISOString()}`),
    miss: (_schedule, time) => events.push(`missed ${time.toISOString()}`),
  });
  onTestFinished(async () => {
    stopping.abort();
    await done;
  });
  return { clock, events, stopping, done };
}

test('a cron schedule fires at its times in its zone, however far off', async () => {
  const { clock, events } = run(
    schedule('cron(0 2 1 * ? *)', {
      schedule: {
        ...parseExpression('cron(0 2 1 * ? *)'),
        timezone: 'America/New_York',
        flexibleWindowMinutes: 0,
        enabled: true,
      },
    }),
    '2026-11-24T00:00:00Z',
  );
  await clock.pass(7 * 24 * HOUR + 7 * HOUR - 1);
  expect(events).toEqual([]);
  await clock.pass(1);
  expect(events).toEqual(['fired 2026-12-01T07:00:00.000Z']);
});

test('a rate counts from when the schedule was first seen', async () => {
  const { clock, events } = run(
    schedule('rate(6 hours)'),
    '2026-11-24T03:00:00Z',
    '2026-11-24T01:00:00Z',
  );
  await clock.pass(11 * HOUR);
  expect(events).toEqual(['fired 2026-11-24T07:00:00.000Z', 'fired 2026-11-24T13:00:00.000Z']);
});

test('a rate seen for the first time fires at once, as after a deployment', async () => {
  const { events } = run(schedule('rate(6 hours)'), '2026-11-24T03:00:00Z');
  await macrotask();
  expect(events).toEqual(['fired 2026-11-24T03:00:00.000Z']);
});

test('a disabled schedule and one that is over end at once', async () => {
  const off = schedule('rate(1 minute)');
  const { events, done } = run(
    { ...off, schedule: { ...off.schedule, enabled: false } },
    '2026-11-24T03:00:00Z',
  );
  await done;
  const past = run(schedule('at(2026-11-23T00:00:00)'), '2026-11-24T03:00:00Z');
  await past.done;
  expect([...events, ...past.events]).toEqual([]);
});

test('a schedule that is edited or enabled again fires nothing of the past', async () => {
  const edited = run(schedule('cron(0 2 * * ? *)'), '2026-11-24T03:00:00Z', '2026-11-01T00:00:00Z');
  const enabled = run(schedule('rate(6 hours)'), '2026-11-24T03:00:00Z', '2026-11-01T01:00:00Z');
  await macrotask();
  expect([...edited.events, ...enabled.events]).toEqual([]);
  await edited.clock.pass(23 * HOUR);
  await enabled.clock.pass(4 * HOUR);
  expect(edited.events).toEqual(['fired 2026-11-25T02:00:00.000Z']);
  expect(enabled.events).toEqual(['fired 2026-11-24T07:00:00.000Z']);
});

test('after a sleep of the machine only what is young enough fires', async () => {
  const { clock, events } = run(schedule('cron(0/5 * * * ? *)'), '2026-11-24T03:01:00Z');
  await clock.pass(1_000);
  clock.jump(18 * MINUTE);
  await clock.pass(MINUTE);
  expect(events).toEqual([
    'missed 2026-11-24T03:05:00.000Z',
    'fired 2026-11-24T03:10:00.000Z',
    'fired 2026-11-24T03:15:00.000Z',
    'fired 2026-11-24T03:20:00.000Z',
  ]);
});

test('of missed occurrences that are all alike only the last one fires', async () => {
  const { clock, events } = run(
    schedule('rate(1 minute)', { input: '{}', maxEventAgeSeconds: 86_400 }),
    '2026-11-24T03:00:30Z',
    '2026-11-24T03:00:00Z',
  );
  await clock.pass(1_000);
  clock.jump(8 * HOUR);
  await clock.pass(MINUTE);
  expect(events).toEqual(['fired 2026-11-24T11:01:00.000Z']);
});

test('a clock that is set back fires nothing twice', async () => {
  const { clock, events } = run(schedule('cron(0 * * * ? *)'), '2026-11-24T02:59:00Z');
  await clock.pass(MINUTE);
  clock.jump(-10 * MINUTE);
  await clock.pass(30 * MINUTE);
  expect(events).toEqual(['fired 2026-11-24T03:00:00.000Z']);
});

test('the input carries the scheduled time in whole seconds', () => {
  expect(inputOf(schedule('rate(1 hour)'), new Date('2026-11-24T02:00:00Z'))).toBe(
    '{"scheduledTime":"2026-11-24T02:00:00Z"}',
  );
});
