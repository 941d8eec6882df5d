import { expect, test } from 'vitest';
import { workTime } from '../../../lambda/sweep/work-time.ts';

test('a sweep works until shortly before the next one that the schedule causes', () => {
  const workUntil = workTime();
  const until = (event: unknown, time: string) =>
    workUntil(event, new Date(`2026-11-24T${time}Z`))
      .toISOString()
      .slice(11, 23);
  const woken = { woken: true };
  expect(until(woken, '01:58:10.000')).toBe('01:59:07.500');
  expect(until({ time: '2026-11-24T01:59:20Z' }, '01:59:20.000')).toBe('02:00:17.500');
  expect(until(woken, '02:00:01.000')).toBe('02:00:17.500');
  expect(until(woken, '02:05:30.000')).toBe('02:06:17.500');
  expect(until(woken, '02:06:19.000')).toBe('02:06:19.000');
  expect(until({}, '02:06:21.000')).toBe('02:07:18.500');
});
