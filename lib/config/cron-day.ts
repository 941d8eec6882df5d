import type { DayRule } from '../../lambda/schedule/schedule.ts';
import { type Field, numeric, readField, toNumber, type WrittenField } from './cron-field.ts';

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY_OF_MONTH: Field = {
  ...numeric('day-of-month', 1, 31),
  allowed: '1-31 with , - / and, on their own, * ? L (last day) 15W (workday nearest the 15th)',
};
const DAY_OF_WEEK: Field = {
  ...numeric('day-of-week', 1, 7),
  names: DAYS,
  steps: false,
  allowed:
    '1-7 (1 is Sunday) or SUN-SAT with , - and, on their own, * ? L (Saturday) 6L (last Friday) 2#1 (first Monday)',
};
const USUAL_DAY_OF_WEEK: Field = {
  ...numeric('day-of-week', 0, 7),
  names: DAYS,
  allowed: '0-7 (0 and 7 are Sunday) or SUN-SAT with , - * /',
};

/** The days of a cron expression: every day without a rule. */
interface Days {
  readonly rule?: DayRule | undefined;
  /** The fields day-of-month and day-of-week as EventBridge Scheduler takes them. */
  readonly fields: readonly [string, string];
}

/** Reads the day fields of six: EventBridge Scheduler wants `?` in exactly one of them. */
export function readDays(date: WrittenField, weekday: WrittenField): Days | undefined {
  const byDate = date.text === '?' ? undefined : readDayOfMonth(date);
  const byWeekday = weekday.text === '?' ? undefined : readDayOfWeek(weekday);
  if (date.text !== '?' && weekday.text !== '?') {
    return weekday.report(
      'day-of-month and day-of-week cannot both be set, not even to *; write ? in the one that does not matter',
    );
  }
  if (date.text === '?' && weekday.text === '?') {
    return date.report(
      'day-of-month and day-of-week cannot both be ?; set one of them, for example day-of-month to *',
    );
  }
  return byDate ?? byWeekday;
}

/** Reads the day fields of the usual five, where `*` stands in the one that does not matter. */
export function readUsualDays(date: WrittenField, weekday: WrittenField): Days | undefined {
  if (usesAwsMarks([date, weekday])) return undefined;
  if (weekday.text === '*') return readDayOfMonth(date);
  if (date.text === '*') return readUsualDayOfWeek(weekday);
  return weekday.report(
    'day-of-month and day-of-week are both set, which in five-field cron means either of them; EventBridge Scheduler has no such rule: write two schedules, one for each',
  );
}

function readDayOfMonth(field: WrittenField): Days | undefined {
  const { text } = field;
  const date = toNumber(DAY_OF_MONTH, /^(\d+)W$/.exec(text)?.[1]);
  if (text === 'L') return { rule: { kind: 'last-date' }, fields: [text, '?'] };
  if (date) return { rule: { kind: 'nearest-workday', date }, fields: [text, '?'] };
  const value = readField(DAY_OF_MONTH, field);
  const rule = value?.numbers && ({ kind: 'dates', dates: value.numbers } as const);
  return value && { rule, fields: [value.text, '?'] };
}

function readDayOfWeek(field: WrittenField): Days | undefined {
  const { text } = field;
  if (text === 'L') return { rule: { kind: 'weekdays', weekdays: [7] }, fields: ['?', text] };
  const last = toNumber(DAY_OF_WEEK, /^(\w+)L$/.exec(text)?.[1]);
  if (last) return { rule: { kind: 'last-weekday', weekday: last }, fields: ['?', `${last}L`] };
  const [, day, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  const weekday = toNumber(DAY_OF_WEEK, day);
  if (weekday) {
    const rule = { kind: 'nth-weekday', weekday, nth: Number(nth) } as const;
    return { rule, fields: ['?', `${weekday}#${nth}`] };
  }
  const value = readField(DAY_OF_WEEK, field);
  return value && { rule: weekdayRule(value.numbers), fields: ['?', value.text] };
}

function readUsualDayOfWeek(field: WrittenField): Days | undefined {
  const value = readField(USUAL_DAY_OF_WEEK, field);
  if (!value) return undefined;
  const days = [...new Set((value.numbers ?? [...DAYS.keys()]).map((n) => n % 7))].sort();
  const isEvery = days.length === DAYS.length;
  const rule = weekdayRule(isEvery ? undefined : days.map((day) => day + 1));
  return { rule, fields: ['?', byName(days)] };
}

function weekdayRule(weekdays: readonly number[] | undefined): DayRule | undefined {
  return weekdays && { kind: 'weekdays', weekdays };
}

/** `MON-FRI` for a run of days, else a list of names. */
function byName(days: readonly number[]): string {
  const names = days.map((day) => DAYS[day]);
  const isRun = days.length > 2 && (days.at(-1) ?? 0) - (days[0] ?? 0) === days.length - 1;
  return isRun ? `${names[0]}-${names.at(-1)}` : names.join(',');
}

function usesAwsMarks(fields: readonly WrittenField[]): boolean {
  const marked = fields.filter(({ text }) => /^\?$|^L$|\d[LW]$|#/.test(text));
  for (const { text, report } of marked) {
    report(
      `"${text}" belongs to EventBridge's six fields (minutes hours day-of-month month day-of-week year); add the year (* for every year) and note that weekdays then count from 1, Sunday`,
    );
  }
  return marked.length > 0;
}
