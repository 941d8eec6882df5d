import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newFiring } from '../../../lambda/firing/new-firing.ts';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import type { NamedSchedule } from '../../../lambda/schedule/schedule.ts';
import { watchSchedules } from '../../../lambda/sweep/watch-schedules.ts';
import { parseExpression } from '../../../lib/config/schedule-expression.ts';
import { captureLog } from '../../support/captured-log.ts';
import { clockAt } from '../../support/clock.ts';
import { configOf } from '../../support/config-of.ts';
import { type Core, coreOn, NIGHTLY } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

beforeEach(() => void captureLog());

function schedule(expression: string, settings: Partial<NamedSchedule> = {}): NamedSchedule {
  return {
    name: 'early',
    ...parseExpression(expression),
    timezone: 'Europe/Berlin',
    flexibleWindowMinutes: 0,
    enabled: true,
    ...settings,
  };
}

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

/** A ledger whose notes belong to this world alone: the note with the schedules has one name for all. */
function privateNotes(core: Core, world: string): Core {
  const { ledger } = core;
  return {
    ...core,
    ledger: {
      ...ledger,
      readItem: async (id, schema) => ledger.readItem(`${id}/${world}`, schema),
      writeItem: (read, note) => ledger.writeItem(read, { ...note, id: `${note.id}/${world}` }),
    },
  };
}

let count = 0;

/** A watch that begins at this time. */
function watchFrom(start: string, schedules: readonly NamedSchedule[]) {
  count += 1;
  const name = `t-${count}`;
  const clock = clockAt(start);
  const core = privateNotes(coreOn(memory, { url: 'http://none' }, clock), name);
  const world = {
    name,
    trigger: { ...NIGHTLY, schedules } as Trigger,
    /** Lets time pass until then, with a sweep every so many minutes. */
    async until(end: string, every = 5) {
      const deployed = configOf({ [name]: world.trigger });
      for (;;) {
        await watchSchedules(deployed, core);
        const left = (Date.parse(end) - clock.now().getTime()) / 60_000;
        if (left <= 0) return;
        clock.advance(Math.min(every, left));
      }
    },
    async fires(scheduledTime: string) {
      const cause = { kind: 'schedule', schedule: 'early', scheduledTime } as const;
      const occurrence = { trigger: name, cause, at: new Date(scheduledTime) };
      await memory.ledger.record(newFiring(occurrence, world.trigger, clock.now()));
    },
    sleep: (minutes: number) => clock.advance(minutes),
    async missed() {
      const listed = await Array.fromAsync(memory.ledger.ofTrigger(name));
      return listed
        .flatMap(({ state, cause }) =>
          state === 'missed' && cause.kind === 'schedule' ? cause.scheduledTime : [],
        )
        .toSorted();
    },
  };
  return world;
}

const EVERY_NIGHT = 'cron(30 2 * * ? *)';

test('an occurrence that was recorded is not missed, whatever became of it', async () => {
  const world = watchFrom('2026-11-24T00:00:00Z', [schedule(EVERY_NIGHT)]);
  await world.until('2026-11-24T01:35:00Z');
  await world.fires('2026-11-24T01:30:00Z');
  await world.until('2026-11-24T03:00:00Z');
  expect(await world.missed()).toEqual([]);
});

// the schedule, from when it is watched, until when, the scheduled times that are told as missed
test.each<[string, NamedSchedule, string, string, string[]]>([
  [
    'disabled',
    schedule(EVERY_NIGHT, { enabled: false }),
    '2026-11-24T00:00Z',
    '2026-11-24T04:00Z',
    [],
  ],
  [
    'deployed just after its time',
    schedule(EVERY_NIGHT),
    '2026-11-24T01:31Z',
    '2026-11-24T04:00Z',
    [],
  ],
  [
    'with a flexible window',
    schedule(EVERY_NIGHT, { flexibleWindowMinutes: 30 }),
    '2026-11-24T01:00Z',
    '2026-11-24T02:09Z',
    [],
  ],
  [
    'with a flexible window that is over',
    schedule(EVERY_NIGHT, { flexibleWindowMinutes: 30 }),
    '2026-11-24T01:00Z',
    '2026-11-24T02:10Z',
    ['2026-11-24T01:30:00.000Z'],
  ],
  [
    'in the night whose clocks skip its time',
    schedule(EVERY_NIGHT),
    '2026-03-29T00:00Z',
    '2026-03-29T04:00Z',
    [],
  ],
  [
    'in the night whose clocks repeat its time, for the first of the two',
    schedule(EVERY_NIGHT),
    '2026-10-24T23:50Z',
    '2026-10-25T03:00Z',
    ['2026-10-25T00:30:00.000Z'],
  ],
  [
    'that is over',
    schedule(EVERY_NIGHT, { end: '2026-11-24T01:00:00Z' }),
    '2026-11-24T00:00Z',
    '2026-11-24T03:00Z',
    [],
  ],
  [
    'that fires once',
    schedule('at(2026-11-24T02:30:00)'),
    '2026-11-24T00:00Z',
    '2026-11-24T05:00Z',
    ['2026-11-24T01:30:00.000Z'],
  ],
  [
    'with a rate and a start',
    schedule('rate(1 hour)', { start: '2026-11-24T00:07:00Z' }),
    '2026-11-24T00:00Z',
    '2026-11-24T01:30Z',
    ['2026-11-24T00:07:00.000Z', '2026-11-24T01:07:00.000Z'],
  ],
  [
    'with a rate, one interval after it was seen first',
    schedule('rate(1 hour)'),
    '2026-11-24T00:00Z',
    '2026-11-24T01:30Z',
    ['2026-11-24T01:00:00.000Z'],
  ],
])('a schedule %s', async (_, watched, from, until, missed) => {
  const world = watchFrom(from, [watched]);
  await world.until(until);
  expect(await world.missed()).toEqual(missed);
});

test('a rate is awaited from its last firing on', async () => {
  const world = watchFrom('2026-11-24T00:00:00Z', [schedule('rate(1 hour)')]);
  for (const hour of ['00', '01', '02']) {
    await world.until(`2026-11-24T${hour}:42:00Z`);
    await world.fires(`2026-11-24T${hour}:42:00Z`);
  }
  await world.until('2026-11-24T03:51:00Z');
  expect(await world.missed()).toEqual([]);
  await world.until('2026-11-24T03:53:00Z');
  expect(await world.missed()).toEqual(['2026-11-24T03:42:00.000Z']);
});

test('an edited schedule is awaited at its new time', async () => {
  const world = watchFrom('2026-11-24T01:00:00Z', [schedule(EVERY_NIGHT)]);
  await world.until('2026-11-24T01:20:00Z');
  world.trigger = { ...world.trigger, schedules: [schedule('cron(0 3 * * ? *)')] };
  await world.until('2026-11-24T02:15:00Z');
  expect(await world.missed()).toEqual(['2026-11-24T02:00:00.000Z']);
});

// what is done five minutes after the time that nothing fired
test.each<[string, NamedSchedule[]]>([
  ['is edited', [schedule('cron(0 3 * * ? *)')]],
  ['is edited, and with it its own name', [schedule('cron(0 3 * * ? *)', { name: 'cron-1' })]],
  ['is switched off', [schedule(EVERY_NIGHT, { enabled: false })]],
  ['is removed', []],
])('a miss is not hidden when its schedule %s shortly after', async (_, schedules) => {
  const world = watchFrom('2026-11-24T01:00:00Z', [schedule(EVERY_NIGHT)]);
  await world.until('2026-11-24T01:35:00Z');
  world.trigger = { ...world.trigger, schedules };
  await world.until('2026-11-24T01:55:00Z');
  expect(await world.missed()).toEqual(['2026-11-24T01:30:00.000Z']);
});

test('removing the first of two schedules makes the other neither missed nor new', async () => {
  const late = schedule('cron(0 3 * * ? *)', { name: 'late' });
  const world = watchFrom('2026-11-24T01:00:00Z', [schedule('cron(0 8 * * ? *)'), late]);
  await world.until('2026-11-24T02:05:00Z');
  world.trigger = { ...world.trigger, schedules: [late] };
  await world.until('2026-11-24T02:15:00Z');
  expect(await world.missed()).toEqual(['2026-11-24T02:00:00.000Z']);
});

test('after an outage of the sweep each missed occurrence is told, and no other', async () => {
  const world = watchFrom('2026-11-24T01:00:00Z', [schedule('cron(0 * * * ? *)')]);
  await world.until('2026-11-24T01:05:00Z');
  world.sleep(4 * 60);
  await world.fires('2026-11-24T03:00:00Z');
  await world.until('2026-11-24T05:05:00Z');
  expect(await world.missed()).toEqual(['2026-11-24T02:00:00.000Z', '2026-11-24T04:00:00.000Z']);
});

test('after an outage, of a rate as well', async () => {
  const world = watchFrom('2026-11-24T01:00:00Z', [schedule('rate(1 hour)')]);
  await world.until('2026-11-24T01:05:00Z');
  world.sleep(4 * 60);
  await world.fires('2026-11-24T03:00:10Z');
  await world.until('2026-11-24T05:12:00Z');
  expect(await world.missed()).toEqual([
    '2026-11-24T02:00:00.000Z',
    '2026-11-24T04:00:10.000Z',
    '2026-11-24T05:00:10.000Z',
  ]);
});

test('after a long outage of the sweep, some sweeps tell all that were missed', async () => {
  const world = watchFrom('2026-11-24T01:00:00Z', [schedule('cron(0/5 * * * ? *)')]);
  await world.until('2026-11-24T01:01:00Z');
  world.sleep(5 * 60);
  await world.until('2026-11-24T06:04:00Z', 1);
  expect(await world.missed()).toHaveLength(58);
});
