import type { Cron, DayRule } from '../../lambda/schedule/deployed-schedule.ts';
import { type Field, type FieldValue, readField, toNumber } from './cron-field.ts';
import type { Report } from './problem.ts';

export const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

const MINUTES = numeric('minutes', 0, 59);
const HOURS = numeric('hours', 0, 23);
const DAY_OF_MONTH = {
  ...numeric('day-of-month', 1, 31),
  allowed: '1-31 with , - / and, on their own, * ? L (last day) 15W (workday nearest the 15th)',
};
const MONTH = {
  ...numeric('month', 1, 12),
  names: MONTHS,
  allowed: '1-12 or JAN-DEC with , - * /',
};
const DAY_OF_WEEK = {
  ...numeric('day-of-week', 1, 7),
  names: DAYS,
  steps: false,
  allowed:
    '1-7 (1 is Sunday) or SUN-SAT with , - and, on their own, * ? L (Saturday) 6L (last Friday) 2#1 (first Monday)',
};
const YEAR = numeric('year', 1970, 2199);

/** A field of an expression as written: its text in capitals and a report that knows its place. */
export interface WrittenField {
  readonly text: string;
  readonly report: Report;
}

/**
 * Reads the six fields of an EventBridge Scheduler cron expression: minutes, hours, day of month, month,
 * day of week (1 is Sunday), year. Reports every bad field. Source: User Guide, "Cron-based schedules".
 */
export function readCron(fields: readonly WrittenField[]): Cron | undefined {
  const [minute, hour, date, month, weekday, year] = fields;
  if (!minute || !hour || !date || !month || !weekday || !year) return undefined;
  const minutes = readField(MINUTES, minute.text, minute.report);
  const hours = readField(HOURS, hour.text, hour.report);
  const day = readDay(date, weekday);
  const months = readField(MONTH, month.text, month.report);
  const years = readField(YEAR, year.text, year.report);
  if (!minutes || !hours || !day || !months || !years) return undefined;
  return {
    minutes: minutes.numbers,
    hours: hours.numbers,
    day: day.rule,
    months: months.numbers,
    years: years.numbers,
    text: [minutes, hours, { text: day.date }, months, { text: day.weekday }, years]
      .map(({ text }) => text)
      .join(' '),
  };
}

interface Day {
  readonly rule: DayRule;
  readonly date: string;
  readonly weekday: string;
}

/** EventBridge Scheduler wants exactly one of the two day fields set and `?` in the other. */
function readDay(date: WrittenField, weekday: WrittenField): Day | undefined {
  const byDate = date.text === '?' ? undefined : readDayOfMonth(date);
  const byWeekday = weekday.text === '?' ? undefined : readDayOfWeek(weekday);
  if (date.text !== '?' && weekday.text !== '?') {
    weekday.report(
      'day-of-month and day-of-week cannot both be set, not even to *; write ? in the one that does not matter',
    );
    return undefined;
  }
  if (date.text === '?' && weekday.text === '?') {
    date.report(
      'day-of-month and day-of-week cannot both be ?; set one of them, for example day-of-month to *',
    );
    return undefined;
  }
  if (byDate) return { rule: byDate.rule, date: byDate.text, weekday: '?' };
  return byWeekday && { rule: byWeekday.rule, date: '?', weekday: byWeekday.text };
}

type WrittenRule = { readonly rule: DayRule; readonly text: string };

function readDayOfMonth({ text, report }: WrittenField): WrittenRule | undefined {
  if (text === 'L') return { rule: { kind: 'last-date' }, text };
  const date = toNumber(DAY_OF_MONTH, /^(\d+)W$/.exec(text)?.[1]);
  if (date !== undefined) return { rule: { kind: 'nearest-workday', date }, text };
  const value = readField(DAY_OF_MONTH, text, report);
  return value && { rule: { kind: 'dates', dates: value.numbers }, text: value.text };
}

function readDayOfWeek({ text, report }: WrittenField): WrittenRule | undefined {
  if (text === 'L') return { rule: { kind: 'weekdays', weekdays: [7] }, text };
  const last = toNumber(DAY_OF_WEEK, /^(\w+)L$/.exec(text)?.[1]);
  if (last !== undefined)
    return { rule: { kind: 'last-weekday', weekday: last }, text: `${last}L` };
  const [, day, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  const weekday = toNumber(DAY_OF_WEEK, day);
  if (weekday !== undefined) {
    return { rule: { kind: 'nth-weekday', weekday, nth: Number(nth) }, text: `${weekday}#${nth}` };
  }
  const value: FieldValue | undefined = readField(DAY_OF_WEEK, text, report);
  return value && { rule: { kind: 'weekdays', weekdays: value.numbers }, text: value.text };
}

function numeric(name: string, min: number, max: number): Field {
  return { name, min, max, names: [], steps: true, allowed: `${min}-${max} with , - * /` };
}
