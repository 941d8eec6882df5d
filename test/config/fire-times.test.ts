import { expect, test } from 'vitest';
import { take, type Written } from './taken-times.ts';

const FROM = '2026-11-24T00:00:00Z';

test.each<readonly [string, Written, string, readonly string[]]>([
  [
    'a rate fires when it is created, then at its interval',
    { expression: 'rate(6 hours)' },
    FROM,
    ['2026-11-24T10:07Z', '2026-11-24T16:07Z', '2026-11-24T22:07Z'],
  ],
  [
    'a rate goes on at its own times',
    { expression: 'rate(6 hours)' },
    '2026-11-25T12:00:00Z',
    ['2026-11-25T16:07Z'],
  ],
  [
    'a rate asked at its own time includes it',
    { expression: 'rate(1 day)' },
    '2026-11-25T10:07:00Z',
    ['2026-11-25T10:07Z'],
  ],
  [
    'a rate counts from start',
    { expression: 'rate(45 minutes)', start: '2026-12-01T00:00:00Z' },
    FROM,
    ['2026-12-01T00:00Z', '2026-12-01T00:45Z', '2026-12-01T01:30Z'],
  ],
  [
    'a rate counts from a start long past',
    { expression: 'rate(7 days)', start: '2026-01-01T12:00:00Z' },
    FROM,
    ['2026-11-26T12:00Z'],
  ],
  [
    'a day of a rate has 24 hours when the clocks change',
    { expression: 'rate(1 day)', timezone: 'Europe/Berlin', start: '2027-03-27T01:30:00Z' },
    FROM,
    ['2027-03-27T01:30Z', '2027-03-28T01:30Z', '2027-03-29T01:30Z'],
  ],
  ['at fires once', { expression: 'at(2026-12-24T08:00:00)' }, FROM, ['2026-12-24T08:00Z']],
  [
    'at is local time',
    { expression: 'at(2022-11-20T13:00:00)', timezone: 'America/Los_Angeles' },
    '2022-01-01T00:00:00Z',
    ['2022-11-20T21:00Z'],
  ],
  [
    'at in the repeated hour is the first',
    { expression: 'at(2027-10-31T02:30:00)', timezone: 'Europe/Berlin' },
    FROM,
    ['2027-10-31T00:30Z'],
  ],
  [
    'at in the skipped hour never fires',
    { expression: 'at(2027-03-28T02:30:00)', timezone: 'Europe/Berlin' },
    FROM,
    [],
  ],
  ['at in the past does not fire', { expression: 'at(2026-11-23T08:00:00)' }, FROM, []],
  [
    'start is the first moment',
    { expression: 'cron(0 8 * * ? *)', start: '2026-12-01T08:00:00Z' },
    FROM,
    ['2026-12-01T08:00Z'],
  ],
  [
    'nothing fires before start',
    { expression: 'cron(0 8 * * ? *)', start: '2026-12-01T08:00:01Z' },
    FROM,
    ['2026-12-02T08:00Z'],
  ],
  [
    'end is the last moment',
    { expression: 'cron(0 8 * * ? *)', end: '2026-11-25T08:00:00Z' },
    FROM,
    ['2026-11-24T08:00Z', '2026-11-25T08:00Z'],
  ],
  [
    'nothing fires after end',
    { expression: 'rate(1 hour)', end: '2026-11-24T11:30:00Z' },
    FROM,
    ['2026-11-24T10:07Z', '2026-11-24T11:07Z'],
  ],
  [
    'a disabled schedule does not fire',
    { expression: 'cron(* * * * ? *)', enabled: false },
    FROM,
    [],
  ],
])('%s', (_, schedule, from, expected) => {
  const isEndless = /^(cron|rate)/.test(`${schedule.expression}`) && !schedule.end;
  const count = isEndless && expected.length > 0 ? expected.length : expected.length + 1;
  expect(take(schedule, from, count)).toEqual(expected);
});

test('a text that is no normalised expression is refused by name', () => {
  expect(() => take({ expression: 'every day' }, FROM, 1)).toThrow(
    '"every day" is not a schedule expression',
  );
});
