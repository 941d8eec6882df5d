import { expect, test } from 'vitest';
import { workTime } from '../../../lambda/sweep/work-time.ts';

const WOKEN = { woken: true };

/** Sweeps of one instance, each as the times (of 24 November) at which it begins and ends; until when each takes firings up. */
async function workUntil(...sweeps: [event: object, begins: string, ends?: string][]) {
  const at = (time: string) => new Date(`2026-11-24T${time}Z`);
  let now = at('00:00:00');
  const inWorkTime = workTime(() => now);
  const told: string[] = [];
  for (const [event, begins, ends = begins] of sweeps) {
    now = at(begins);
    await inWorkTime(event, async (until) => {
      told.push(until.toISOString().slice(11, 21));
      now = at(ends);
    });
  }
  return told;
}

test('a sweep works until shortly before the next one that the schedule causes', async () => {
  const told = await workUntil(
    [WOKEN, '01:58:10'],
    [{ time: '2026-11-24T01:59:20Z' }, '01:59:20'],
    [WOKEN, '02:00:01'],
    [WOKEN, '02:05:30'],
    [WOKEN, '02:06:19'],
    [{}, '02:06:21'],
  );
  expect(told).toEqual([
    '01:59:07.5',
    '02:00:17.5',
    '02:00:17.5',
    '02:06:17.5',
    '02:06:19.0',
    '02:07:18.5',
  ]);
});

test('a sweep that had to wait for the one before leaves the next one its time', async () => {
  const told = await workUntil(
    [{}, '02:00:00', '02:01:20'],
    [{}, '02:01:25', '02:01:57'],
    [{}, '02:02:00'],
  );
  expect(told).toEqual(['02:00:57.5', '02:01:57.5', '02:02:57.5']);
});

test('a schedule whose time is another one after a deployment is followed', async () => {
  const told = await workUntil(
    [{}, '02:00:00', '02:00:10'],
    [{}, '02:01:00', '02:01:01'],
    [{}, '02:01:40', '02:01:41'],
    [{}, '02:02:40'],
  );
  expect(told.slice(2)).toEqual(['02:02:37.5', '02:03:37.5']);
});

test('a sweep that fails is over', async () => {
  let now = new Date('2026-11-24T02:00:00Z');
  const inWorkTime = workTime(() => now);
  const failing = inWorkTime({}, async () => {
    now = new Date('2026-11-24T02:01:20Z');
    throw new Error('The ledger is away');
  });
  await expect(failing).rejects.toThrow('The ledger is away');
  now = new Date('2026-11-24T02:01:25Z');
  const until = await inWorkTime({}, async (workUntil) => workUntil);
  expect(until).toEqual(new Date('2026-11-24T02:01:57.500Z'));
});
