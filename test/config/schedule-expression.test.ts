import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occurrences } from '../../lambda/schedule/occurrences.ts';
import { readCron } from '../../lib/config/cron-expression.ts';
import { parseExpression, readAt, readRate } from '../../lib/config/schedule-expression.ts';
import { runs } from '../support/runs.ts';

function read(reader: typeof readCron, text: string) {
  const problems: string[] = [];
  const timing = reader(text, (message, offset = 0) => void problems.push(`${offset}: ${message}`));
  return timing?.expression ?? problems;
}

test.each([
  ['0 2 ? * MON-FRI *', 'cron(0 2 ? * MON-FRI *)'],
  ['  0  2 ?  * mon-fri * ', 'cron(0 2 ? * MON-FRI *)'],
  ['*/5 * * * ? *', 'cron(0/5 * * * ? *)'],
  ['0 0 */2 */3 ? */4', 'cron(0 0 1/2 1/3 ? 1970/4)'],
  ['0 22-2 * * ? *', 'cron(0 22,23,0,1,2 * * ? *)'],
  ['0 0 ? * FRI-MON *', 'cron(0 0 ? * 6,7,1,2 *)'],
  ['0 0 ? * FRIL *', 'cron(0 0 ? * 6L *)'],
  ['0 0 ? * mon#1 *', 'cron(0 0 ? * 2#1 *)'],
  ['0 0 L * ? 2027', 'cron(0 0 L * ? 2027)'],
  ['0 0 15W * ? *', 'cron(0 0 15W * ? *)'],
])('six fields: %s becomes %s', (text, expected) => {
  expect(read(readCron, text)).toBe(expected);
});

test.each([
  ['0 2 * * *', 'cron(0 2 * * ? *)'],
  ['0 2 * * 1-5', 'cron(0 2 ? * MON-FRI *)'],
  ['0 2 * * 0', 'cron(0 2 ? * SUN *)'],
  ['0 2 * * 7', 'cron(0 2 ? * SUN *)'],
  ['0 2 * * 6,0', 'cron(0 2 ? * SUN,SAT *)'],
  ['0 2 * * 5-7', 'cron(0 2 ? * SUN,FRI,SAT *)'],
  ['0 2 * * 0-7', 'cron(0 2 ? * SUN-SAT *)'],
  ['0 2 * * sat-mon', 'cron(0 2 ? * SUN,MON,SAT *)'],
  ['0 2 * * */2', 'cron(0 2 ? * SUN,TUE,THU,SAT *)'],
  ['0 2 * * 1,3-5', 'cron(0 2 ? * MON,WED,THU,FRI *)'],
  ['*/10 8-18/2 1,15 jan-mar *', 'cron(0/10 8-18/2 1,15 JAN-MAR ? *)'],
])('five fields: %s becomes %s', (text, expected) => {
  expect(read(readCron, text)).toBe(expected);
});

const BOTH =
  'day-of-month and day-of-week cannot both be set, not even to *; write ? in the one that does not matter';
const EITHER =
  'day-of-month and day-of-week are both set, which in five-field cron means either of them; EventBridge Scheduler has no such rule: write two schedules, one for each';
const MARK =
  "belongs to EventBridge's six fields (minutes hours day-of-month month day-of-week year); add the year (* for every year) and note that weekdays then count from 1, Sunday";
const DATES =
  'allowed: 1-31 with , - / and, on their own, * ? L (last day) 15W (workday nearest the 15th)';
const DAYS =
  'allowed: 1-7 (1 is Sunday) or SUN-SAT with , - and, on their own, * ? L (Saturday) 6L (last Friday) 2#1 (first Monday)';

test.each([
  ['0 2 * * * *', [`8: ${BOTH}`]],
  ['0 2 1 * MON *', [`8: ${BOTH}`]],
  [
    '0 2 ? * ? *',
    [
      '4: day-of-month and day-of-week cannot both be ?; set one of them, for example day-of-month to *',
    ],
  ],
  ['0 2 1 * 1', [`8: ${EITHER}`]],
  ['0 2 ? * 2', [`4: "?" ${MARK}`]],
  ['0 2 * * 5L', [`8: "5L" ${MARK}`]],
  [
    '60 24 32 13 ? 2200',
    [
      '0: minutes: "60" is out of range; allowed: 0-59 with , - * /',
      '3: hours: "24" is out of range; allowed: 0-23 with , - * /',
      `6: day-of-month: "32" is out of range; ${DATES}`,
      '9: month: "13" is out of range; allowed: 1-12 or JAN-DEC with , - * /',
      '14: year: "2200" is out of range; allowed: 1970-2199 with , - * /',
    ],
  ],
  ['0 2 ? * 0 *', [`8: day-of-week: "0" is out of range; ${DAYS}`]],
  ['0 2 ? * MON,FUN *', [`12: day-of-week: "FUN" is not valid here; ${DAYS}`]],
  [
    '0 2 ? * 3#1,6#3 *',
    [
      `8: day-of-week: "3#1" is not valid here; ${DAYS}`,
      `12: day-of-week: "6#3" is not valid here; ${DAYS}`,
    ],
  ],
  ['0 2 ? * 3#6 *', [`8: day-of-week: "3#6" is not valid here; ${DAYS}`]],
  [
    '0 2 ? * MON-FRI/2 *',
    ['8: day-of-week: steps ("MON-FRI/2") are not supported here; list the days instead'],
  ],
  ['0 2 LW * ? *', [`4: day-of-month: "LW" is not valid here; ${DATES}`]],
  ['0/60 * * * ? *', ['0: minutes: the step of "0/60" is out of range; allowed: 1-59']],
  ['*/0 * * * ? *', ['0: minutes: the step of "*/0" is out of range; allowed: 1-59']],
  ['0,,5 * * * ? *', ['2: minutes: an entry of the list is empty; allowed: 0-59 with , - * /']],
  ['@reboot', ['0: "@reboot" is not a cron expression here']],
  [
    '2 * *',
    [
      '0: has 3 fields; allowed: six (minutes hours day-of-month month day-of-week year) or the usual five (without the year)',
    ],
  ],
  ['cron(0 2 * * ? *)', ['0: write only the text between the brackets, without cron( )']],
])('cron %s is refused with the field and the reason', (text, expected) => {
  expect(read(readCron, text)).toEqual(expected);
});

const LENGTH =
  'is not a length of time; write a whole number from 1 and minutes, hours or days: 15 minutes, 1 hour, 2 days';

test.each([
  ['6 hours', 'rate(6 hours)'],
  ['1 hours', 'rate(1 hour)'],
  ['5 minute', 'rate(5 minutes)'],
  ['0 hours', [`0: "0 hours" ${LENGTH}`]],
  ['1.5 hours', [`0: "1.5 hours" ${LENGTH}`]],
  ['2 weeks', [`0: "2 weeks" ${LENGTH}`]],
])('rate %s is read as %j', (text, expected) => {
  expect(read(readRate, text)).toEqual(expected);
});

test.each([
  ['2026-12-24T08:00:00', 'at(2026-12-24T08:00:00)'],
  ['2026-12-24T08:00', 'at(2026-12-24T08:00:00)'],
  ['2027-02-29T08:00:00', ['0: "2027-02-29T08:00:00" does not exist in the calendar']],
  ['2026-12-24T24:00:00', ['0: "2026-12-24T24:00:00" does not exist in the calendar']],
  [
    '2026-12-24T08:00:00Z',
    [
      '0: "2026-12-24T08:00:00Z" must not have an offset: at is a local time; remove the offset and set timezone',
    ],
  ],
  ['tomorrow', ['0: "tomorrow" is not a local time; write it as 2026-12-24T08:00:00']],
])('at %s is read as %j', (text, expected) => {
  expect(read(readAt, text)).toEqual(expected);
});

const field = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc
      .uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 })
      .map((n) => n.join(',')),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
    fc.tuple(fc.integer({ min, max }), fc.integer({ min: 1, max: 9 })).map(([a, n]) => `${a}/${n}`),
  );
const weekday = fc.integer({ min: 1, max: 7 });
const days = fc.oneof(
  field(1, 28).map((date) => [date, '?'] as const),
  fc.constant(['L', '?'] as const),
  fc
    .oneof(
      weekday.map(String),
      weekday.map((n) => `${n}L`),
      weekday.map((n) => `${n}#2`),
      fc.constant('MON-FRI'),
    )
    .map((day) => ['?', day] as const),
);
const cron = fc
  .tuple(field(0, 59), field(0, 23), days, field(1, 12))
  .map(([minute, hour, [date, day], month]) => `${minute} ${hour} ${date} ${month} ${day}`);

test('an independent implementation (croner) finds the same times in UTC', {
  timeout: runs(60_000),
}, () => {
  const from = new Date('2026-11-24T00:00:00Z');
  fc.assert(
    fc.property(cron, (fields) => {
      const schedule = {
        ...parseExpression(`cron(${fields} *)`),
        timezone: 'UTC',
        flexibleWindowMinutes: 0,
        enabled: true,
      };
      const ours = occurrences(schedule, from, from).take(10).toArray();
      const options = {
        timezone: 'UTC',
        alternativeWeekdays: true,
        sloppyRanges: true,
        paused: true,
      };
      const theirs = new Cron(fields.replace('?', '*'), options).nextRuns(
        10,
        new Date(from.getTime() - 1),
      );
      expect(ours).toEqual(theirs);
    }),
    { numRuns: runs(100) },
  );
});

test('a normalised expression reads as itself', () => {
  fc.assert(
    fc.property(cron, (fields) => {
      const once = String(read(readCron, `${fields} *`));
      expect(parseExpression(once).expression).toBe(once);
    }),
    { numRuns: runs(100) },
  );
});
