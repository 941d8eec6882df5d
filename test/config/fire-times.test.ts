import { expect, test } from 'vitest';
import { fireTimes } from '../../lib/config/fire-times.ts';
import type { Schedule } from '../../lib/config/schedule-schema.ts';

const CREATED_AT = new Date('2026-11-24T10:07:00Z');

function take(schedule: Partial<Schedule>, from: string, count: number): string[] {
  const whole = {
    expression: '',
    timezone: 'UTC',
    flexibleWindowMinutes: 0,
    enabled: true,
    ...schedule,
  };
  return fireTimes(whole, new Date(from), CREATED_AT)
    .take(count)
    .map((time) => time.toISOString().replace(':00.000Z', 'Z'))
    .toArray();
}

/** Each row is derived by hand from the calendar, the time zone's rules and AWS's documentation. */
const CASES: readonly (readonly [string, string, string, string, readonly string[]])[] = [
  [
    'minutes: every one',
    '* * * * ? *',
    'UTC',
    '2026-11-24T23:58:30Z',
    ['2026-11-24T23:59Z', '2026-11-25T00:00Z', '2026-11-25T00:01Z'],
  ],
  [
    'minutes: from itself on',
    '0 10 * * ? *',
    'UTC',
    '2026-11-24T10:00:00Z',
    ['2026-11-24T10:00Z', '2026-11-25T10:00Z'],
  ],
  [
    'minutes: not a millisecond late',
    '0 10 * * ? *',
    'UTC',
    '2026-11-24T10:00:00.001Z',
    ['2026-11-25T10:00Z'],
  ],
  [
    'minutes: 0/15',
    '0/15 * * * ? *',
    'UTC',
    '2026-11-24T10:31:00Z',
    ['2026-11-24T10:45Z', '2026-11-24T11:00Z'],
  ],
  [
    'minutes: 1/10 is the 1st, 11th, 21st',
    '1/10 * * * ? *',
    'UTC',
    '2026-11-24T10:45:00Z',
    ['2026-11-24T10:51Z', '2026-11-24T11:01Z'],
  ],
  [
    'minutes: */25 begins anew each hour',
    '*/25 * * * ? *',
    'UTC',
    '2026-11-24T10:26:00Z',
    ['2026-11-24T10:50Z', '2026-11-24T11:00Z', '2026-11-24T11:25Z'],
  ],
  [
    'minutes: range with a step',
    '10-30/10 5 * * ? *',
    'UTC',
    '2026-11-24T05:11:00Z',
    ['2026-11-24T05:20Z', '2026-11-24T05:30Z', '2026-11-25T05:10Z'],
  ],
  [
    'hours: list',
    '0 6,18 * * ? *',
    'UTC',
    '2026-11-24T10:00:00Z',
    ['2026-11-24T18:00Z', '2026-11-25T06:00Z'],
  ],
  [
    'hours: range',
    '0 8-10 * * ? *',
    'UTC',
    '2026-11-24T09:30:00Z',
    ['2026-11-24T10:00Z', '2026-11-25T08:00Z'],
  ],
  [
    'hours: range around midnight',
    '0 22-1 * * ? *',
    'UTC',
    '2026-11-24T22:30:00Z',
    ['2026-11-24T23:00Z', '2026-11-25T00:00Z', '2026-11-25T01:00Z', '2026-11-25T22:00Z'],
  ],
  [
    'weekdays: MON-FRI',
    '0 18 ? * MON-FRI *',
    'UTC',
    '2026-11-27T18:01:00Z',
    ['2026-11-30T18:00Z', '2026-12-01T18:00Z'],
  ],
  [
    'weekdays: 1 is Sunday',
    '0 0 ? * 1 *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2026-11-29T00:00Z', '2026-12-06T00:00Z'],
  ],
  ['weekdays: 7 is Saturday', '0 0 ? * 7 *', 'UTC', '2026-11-24T00:00:00Z', ['2026-11-28T00:00Z']],
  [
    'weekdays: L alone is Saturday',
    '0 0 ? * L *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2026-11-28T00:00Z'],
  ],
  [
    'weekdays: around the end of the week',
    '0 0 ? * FRI-MON *',
    'UTC',
    '2026-11-24T00:00:00Z',
    [
      '2026-11-27T00:00Z',
      '2026-11-28T00:00Z',
      '2026-11-29T00:00Z',
      '2026-11-30T00:00Z',
      '2026-12-04T00:00Z',
    ],
  ],
  [
    'last Friday of the month (AWS: 15 10 ? * 6L)',
    '15 10 ? * 6L 2026-2027',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2026-11-27T10:15Z', '2026-12-25T10:15Z', '2027-01-29T10:15Z'],
  ],
  [
    'second Tuesday (AWS: 3#2)',
    '0 9 ? * 3#2 *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2026-12-08T09:00Z', '2027-01-12T09:00Z'],
  ],
  [
    'fifth Friday, only in months that have one',
    '0 9 ? * 6#5 *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2027-01-29T09:00Z', '2027-04-30T09:00Z'],
  ],
  [
    'dates: first of the month',
    '0 8 1 * ? *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2026-12-01T08:00Z', '2027-01-01T08:00Z'],
  ],
  [
    'dates: the 31st skips shorter months',
    '0 0 31 * ? *',
    'UTC',
    '2027-01-31T00:01:00Z',
    ['2027-03-31T00:00Z', '2027-05-31T00:00Z'],
  ],
  [
    'dates: 1/10 is the 1st, 11th, 21st, 31st',
    '0 0 1/10 * ? *',
    'UTC',
    '2027-01-21T00:01:00Z',
    ['2027-01-31T00:00Z', '2027-02-01T00:00Z'],
  ],
  [
    'dates: L in a common year',
    '0 0 L 2 ? *',
    'UTC',
    '2027-01-01T00:00:00Z',
    ['2027-02-28T00:00Z', '2028-02-29T00:00Z'],
  ],
  [
    'dates: 29 February skips 2100',
    '0 0 29 2 ? *',
    'UTC',
    '2096-03-01T00:00:00Z',
    ['2104-02-29T00:00Z'],
  ],
  [
    'workday: a Tuesday stays',
    '0 0 15W 12 ? *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2026-12-15T00:00Z'],
  ],
  [
    'workday: Saturday moves to Friday',
    '0 0 15W 5 ? *',
    'UTC',
    '2027-01-01T00:00:00Z',
    ['2027-05-14T00:00Z'],
  ],
  [
    'workday: Sunday moves to Monday',
    '0 0 15W 8 ? *',
    'UTC',
    '2027-01-01T00:00:00Z',
    ['2027-08-16T00:00Z'],
  ],
  [
    'workday: Saturday the 1st moves to Monday the 3rd',
    '0 0 1W 5 ? *',
    'UTC',
    '2027-01-01T00:00:00Z',
    ['2027-05-03T00:00Z'],
  ],
  [
    'workday: Sunday the 31st moves to Friday the 29th',
    '0 0 31W 10 ? *',
    'UTC',
    '2027-01-01T00:00:00Z',
    ['2027-10-29T00:00Z'],
  ],
  [
    'months: names',
    '0 0 1 JAN,JUL ? *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2027-01-01T00:00Z', '2027-07-01T00:00Z'],
  ],
  [
    'months: around the end of the year',
    '0 0 1 NOV-JAN ? *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2026-12-01T00:00Z', '2027-01-01T00:00Z', '2027-11-01T00:00Z'],
  ],
  [
    'months: quarters',
    '0 0 1 1/3 ? *',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2027-01-01T00:00Z', '2027-04-01T00:00Z'],
  ],
  ['years: only that one', '0 0 1 12 ? 2026', 'UTC', '2026-11-24T00:00:00Z', ['2026-12-01T00:00Z']],
  [
    'years: with a step',
    '0 0 1 1 ? 2026/5',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2031-01-01T00:00Z', '2036-01-01T00:00Z'],
  ],
  [
    'years: the last of all',
    '0 0 31 12 ? 2199',
    'UTC',
    '2026-11-24T00:00:00Z',
    ['2199-12-31T00:00Z'],
  ],
  ['never: past year', '0 0 1 1 ? 2020', 'UTC', '2026-11-24T00:00:00Z', []],
  ['never: 31 February', '0 0 31 2 ? *', 'UTC', '2026-11-24T00:00:00Z', []],
  ['never: 31 April by workday', '0 0 31W 4 ? *', 'UTC', '2026-11-24T00:00:00Z', []],

  [
    'Berlin: winter is UTC+1',
    '0 2 ? * MON-FRI *',
    'Europe/Berlin',
    '2026-11-24T00:00:00Z',
    ['2026-11-24T01:00Z', '2026-11-25T01:00Z'],
  ],
  [
    'Berlin: 02:30 is skipped in spring',
    '30 2 * * ? *',
    'Europe/Berlin',
    '2027-03-27T00:00:00Z',
    ['2027-03-27T01:30Z', '2027-03-29T00:30Z'],
  ],
  [
    'Berlin: 02:00 is skipped, 03:00 is not',
    '0 2,3 28 3 ? 2027',
    'Europe/Berlin',
    '2027-03-01T00:00:00Z',
    ['2027-03-28T01:00Z'],
  ],
  [
    'Berlin: 02:30 fires the first of two times',
    '30 2 * * ? *',
    'Europe/Berlin',
    '2027-10-30T12:00:00Z',
    ['2027-10-31T00:30Z', '2027-11-01T01:30Z'],
  ],
  [
    'Berlin: asked within the repeated hour',
    '30 2 * * ? *',
    'Europe/Berlin',
    '2027-10-31T00:45:00Z',
    ['2027-11-01T01:30Z'],
  ],
  [
    'Berlin: every half hour pauses in the repeated hour',
    '0/30 * * * ? *',
    'Europe/Berlin',
    '2027-10-31T00:00:00Z',
    ['2027-10-31T00:00Z', '2027-10-31T00:30Z', '2027-10-31T02:00Z', '2027-10-31T02:30Z'],
  ],
  [
    'Berlin: every half hour knows no gap in spring',
    '0/30 * * * ? *',
    'Europe/Berlin',
    '2027-03-28T00:00:00Z',
    ['2027-03-28T00:00Z', '2027-03-28T00:30Z', '2027-03-28T01:00Z'],
  ],
  [
    'Berlin: the local date decides',
    '30 0 1 * ? *',
    'Europe/Berlin',
    '2026-11-24T00:00:00Z',
    ['2026-11-30T23:30Z', '2026-12-31T23:30Z'],
  ],
  [
    'New York: winter is UTC-5',
    '30 8 * * ? *',
    'America/New_York',
    '2026-11-24T14:00:00Z',
    ['2026-11-25T13:30Z'],
  ],
  [
    'New York: summer is UTC-4',
    '30 8 * * ? *',
    'America/New_York',
    '2027-07-01T00:00:00Z',
    ['2027-07-01T12:30Z'],
  ],
  [
    'New York: 02:30 is skipped in spring',
    '30 2 * * ? *',
    'America/New_York',
    '2027-03-13T00:00:00Z',
    ['2027-03-13T07:30Z', '2027-03-15T06:30Z'],
  ],
  [
    'New York: 01:30 fires the first of two times',
    '30 1 * * ? *',
    'America/New_York',
    '2027-11-06T12:00:00Z',
    ['2027-11-07T05:30Z', '2027-11-08T06:30Z'],
  ],
  [
    'New York: the local weekday decides',
    '0 23 ? * SUN *',
    'America/New_York',
    '2026-11-24T00:00:00Z',
    ['2026-11-30T04:00Z'],
  ],
  [
    'Los Angeles (AWS): 02:30 is skipped in spring',
    '30 2 * * ? *',
    'America/Los_Angeles',
    '2027-03-14T00:00:00Z',
    ['2027-03-15T09:30Z'],
  ],
  [
    'Lord Howe: 02:15 is skipped, the gap has 30 minutes',
    '15 2 * * ? *',
    'Australia/Lord_Howe',
    '2026-10-03T00:00:00Z',
    ['2026-10-04T15:15Z'],
  ],
  [
    'Lord Howe: 02:30 exists',
    '30 2 * * ? *',
    'Australia/Lord_Howe',
    '2026-10-03T00:00:00Z',
    ['2026-10-03T15:30Z', '2026-10-04T15:30Z'],
  ],
  [
    'Lord Howe: 01:45 fires the first of two times',
    '45 1 * * ? *',
    'Australia/Lord_Howe',
    '2027-04-03T00:00:00Z',
    ['2027-04-03T14:45Z', '2027-04-04T15:15Z'],
  ],
  [
    'Lord Howe: 01:15 is not repeated',
    '15 1 * * ? *',
    'Australia/Lord_Howe',
    '2027-04-03T00:00:00Z',
    ['2027-04-03T14:15Z', '2027-04-04T14:45Z'],
  ],
  [
    'Kolkata: half an hour off, no summer time',
    '0 9 * * ? *',
    'Asia/Kolkata',
    '2027-03-28T00:00:00Z',
    ['2027-03-28T03:30Z', '2027-03-29T03:30Z'],
  ],
  [
    'Kolkata: last day of the month begins in UTC the day before',
    '0 0 L * ? *',
    'Asia/Kolkata',
    '2026-11-24T00:00:00Z',
    ['2026-11-29T18:30Z', '2026-12-30T18:30Z'],
  ],
  [
    'Sao Paulo: midnight is skipped',
    '0 0 * * ? *',
    'America/Sao_Paulo',
    '2018-11-03T00:00:00Z',
    ['2018-11-03T03:00Z', '2018-11-05T02:00Z'],
  ],
  [
    'Sao Paulo: 01:00 follows 23:59',
    '0 1 4 11 ? 2018',
    'America/Sao_Paulo',
    '2018-11-03T00:00:00Z',
    ['2018-11-04T03:00Z'],
  ],
  [
    'Sao Paulo: 23:30 fires the first of two times',
    '30 23 * * ? *',
    'America/Sao_Paulo',
    '2019-02-16T12:00:00Z',
    ['2019-02-17T01:30Z', '2019-02-18T02:30Z'],
  ],
  [
    'Sao Paulo: no summer time since 2019',
    '0 0 * * ? *',
    'America/Sao_Paulo',
    '2026-11-24T00:00:00Z',
    ['2026-11-24T03:00Z'],
  ],
  [
    'Apia: 30 December 2011 does not exist',
    '0 12 * * ? *',
    'Pacific/Apia',
    '2011-12-29T00:00:00Z',
    ['2011-12-29T22:00Z', '2011-12-30T22:00Z'],
  ],
  [
    'Apia: nor does that Friday',
    '0 12 ? * FRI *',
    'Pacific/Apia',
    '2011-12-29T00:00:00Z',
    ['2012-01-05T22:00Z'],
  ],
  [
    'Apia: UTC+13 today',
    '0 0 * * ? *',
    'Pacific/Apia',
    '2026-11-24T00:00:00Z',
    ['2026-11-24T11:00Z'],
  ],
];

test.each(CASES)('cron fires, %s', (_, fields, timezone, from, expected) => {
  expect(take({ expression: `cron(${fields})`, timezone }, from, expected.length || 1)).toEqual(
    expected,
  );
});

const FROM = '2026-11-24T00:00:00Z';

test.each<readonly [string, Partial<Schedule>, string, readonly string[]]>([
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
