import { expect, test } from 'vitest';
import { take } from './taken-times.ts';

/** Each row is derived by hand from the calendar, the time zone's rules and AWS's documentation. */
const CASES: readonly (readonly [string, string, string, string, readonly string[]])[] = [
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
];

test.each(CASES)('cron fires, %s', (_, fields, timezone, from, expected) => {
  expect(take({ expression: `cron(${fields})`, timezone }, from, expected.length || 1)).toEqual(
    expected,
  );
});
