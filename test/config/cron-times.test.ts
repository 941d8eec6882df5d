import { expect, test } from 'vitest';
import { take } from './taken-times.ts';

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
    'AWS: hours over midnight belong to the weekday on which they fall',
    '0/30 20-2 ? * MON-FRI *',
    'UTC',
    '2026-11-27T23:30:00Z',
    ['2026-11-27T23:30Z', '2026-11-30T00:00Z', '2026-11-30T00:30Z'],
  ],
  [
    'AWS: every five minutes of working hours',
    '0/5 8-17 ? * MON-FRI *',
    'UTC',
    '2026-11-27T17:51:00Z',
    ['2026-11-27T17:55Z', '2026-11-30T08:00Z'],
  ],
];

test.each(CASES)('cron fires, %s', (_, fields, timezone, from, expected) => {
  expect(take({ expression: `cron(${fields})`, timezone }, from, expected.length || 1)).toEqual(
    expected,
  );
});
