import { expect, test } from 'vitest';
import { corrected, dateIn, refunded, spend } from '../../../lambda/policies/budget.ts';

const tally = (period: string, runs: number, scenarios = runs, warned = false) => ({
  period,
  runs,
  scenarios,
  warned,
});

test.each([
  ['2026-11-24T22:59:59.999Z', 'Europe/Berlin', '2026-11-24'],
  ['2026-11-24T23:00:00.000Z', 'Europe/Berlin', '2026-11-25'],
  // The day of the change to summer time has 23 hours: it begins at 23:00 and ends at 22:00 UTC.
  ['2027-03-27T22:59:59.999Z', 'Europe/Berlin', '2027-03-27'],
  ['2027-03-27T23:00:00.000Z', 'Europe/Berlin', '2027-03-28'],
  ['2027-03-28T21:59:59.999Z', 'Europe/Berlin', '2027-03-28'],
  ['2027-03-28T22:00:00.000Z', 'Europe/Berlin', '2027-03-29'],
  // That of the change back has 25.
  ['2026-10-24T22:00:00.000Z', 'Europe/Berlin', '2026-10-25'],
  ['2026-10-25T22:59:59.999Z', 'Europe/Berlin', '2026-10-25'],
  ['2026-10-25T23:00:00.000Z', 'Europe/Berlin', '2026-10-26'],
  ['2026-12-31T18:29:59.999Z', 'Asia/Kolkata', '2026-12-31'],
  ['2026-12-31T18:30:00.000Z', 'Asia/Kolkata', '2027-01-01'],
  ['2027-01-01T04:59:59.999Z', 'America/New_York', '2026-12-31'],
])('at %s the date in %s is %s', (now, timezone, date) => {
  expect(dateIn(timezone, new Date(now))).toBe(date);
});

test('a start counts in its day and its month', () => {
  const spent = { day: tally('2026-11-23', 3), month: tally('2026-11', 7) };
  expect(spend(spent, { perDay: 3 }, { date: '2026-11-24', scenarios: 4 })).toEqual({
    kind: 'within',
    spent: { day: tally('2026-11-24', 1, 4), month: tally('2026-11', 8, 11) },
  });
});

test.each([
  [{ perDay: 3 }, '3 of 3 runs are spent on 2026-11-24'],
  [{ perDay: 4, perMonth: 7 }, '7 of 7 runs are spent in 2026-11'],
  [{ scenariosPerDay: 5 }, '3 of 5 scenarios are spent on 2026-11-24, and this run has 4'],
  [{ scenariosPerMonth: 10 }, '7 of 10 scenarios are spent in 2026-11, and this run has 4'],
])('over %j nothing starts', (budget, reason) => {
  const spent = { day: tally('2026-11-24', 3), month: tally('2026-11', 7) };
  const cost = { date: '2026-11-24', scenarios: 4 };
  expect(spend(spent, budget, cost)).toEqual({ kind: 'over', reason });
});

test('from 80 % on there is one warning a period', () => {
  let spent = {};
  const warnings = [];
  for (const date of [...Array(20).fill('2026-11-24'), '2026-11-25']) {
    const result = spend(spent, { perDay: 20, perMonth: 25 }, { date, scenarios: 1 });
    if (result.kind === 'over') throw new Error(result.reason);
    spent = result.spent;
    warnings.push(result.warning);
  }
  expect(warnings.flatMap((warning, index) => (warning ? [[index + 1, warning]] : []))).toEqual([
    [16, '16 of 20 runs are spent on 2026-11-24'],
    [20, '20 of 25 runs are spent in 2026-11'],
  ]);
});

test('what is given back is given back to the periods that it was spent in', () => {
  const spent = { day: tally('2026-11-25', 2, 5), month: tally('2026-11', 9, 20) };
  const cost = { date: '2026-11-24', scenarios: 4 };
  expect(refunded(spent, cost)).toEqual({ ...spent, month: tally('2026-11', 8, 16) });
  expect(corrected(spent, { date: '2026-11-25', scenarios: 1 }, 3)).toEqual({
    day: tally('2026-11-25', 2, 7),
    month: tally('2026-11', 9, 22),
  });
});
