import { expect, test } from 'vitest';
import { take } from './taken-times.ts';

/** Each row is derived by hand from the calendar, the time zone's rules and AWS's documentation. */
const CASES: readonly (readonly [string, string, string, string, readonly string[]])[] = [
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
    'Berlin: 01:59 is the last minute before the gap',
    '59 1 28 3 ? 2027',
    'Europe/Berlin',
    '2027-03-01T00:00:00Z',
    ['2027-03-28T00:59Z'],
  ],
  [
    'Berlin: 03:00 comes once after the repeated hour',
    '0 3 31 10 ? 2027',
    'Europe/Berlin',
    '2027-10-01T00:00:00Z',
    ['2027-10-31T02:00Z'],
  ],
  [
    'New York: 02:00 is skipped in spring',
    '0 2 * * ? *',
    'America/New_York',
    '2027-03-13T08:00:00Z',
    ['2027-03-15T06:00Z'],
  ],
  [
    'New York: 02:00 comes once in autumn',
    '0 2 * * ? *',
    'America/New_York',
    '2027-11-06T12:00:00Z',
    ['2027-11-07T07:00Z', '2027-11-08T07:00Z'],
  ],
];

test.each(CASES)('cron fires, %s', (_, fields, timezone, from, expected) => {
  expect(take({ expression: `cron(${fields})`, timezone }, from, expected.length || 1)).toEqual(
    expected,
  );
});
