import { DAYS, type WrittenField } from './cron-expression.ts';
import { type Field, readField } from './cron-field.ts';

const WEEKDAY: Field = {
  name: 'day-of-week',
  min: 0,
  max: 7,
  names: DAYS,
  steps: true,
  allowed: '0-7 (0 and 7 are Sunday) or SUN-SAT with , - * /',
};

/**
 * Rewrites the usual five fields as EventBridge Scheduler's six: weekdays by name instead of 0-7, `?` in
 * the day field that does not matter, every year. Reports what only one of the two forms can say.
 */
export function toSixFields(fields: readonly WrittenField[]): WrittenField[] | undefined {
  const [minute, hour, date, month, weekday] = fields;
  if (!minute || !hour || !date || !month || !weekday) return undefined;
  const days = readDays(date, weekday);
  return [
    minute,
    hour,
    { ...date, text: days.date },
    month,
    { ...weekday, text: days.weekday },
    { ...weekday, text: '*' },
  ];
}

function readDays(date: WrittenField, weekday: WrittenField): { date: string; weekday: string } {
  const everyDay = { date: '*', weekday: '?' };
  if (usesAwsMarks([date, weekday])) return everyDay;
  if (weekday.text === '*') return { date: date.text, weekday: '?' };
  if (date.text === '*') {
    const value = readField(WEEKDAY, weekday.text, weekday.report);
    return value ? { date: '?', weekday: byName(value.numbers ?? [...DAYS.keys()]) } : everyDay;
  }
  weekday.report(
    'day-of-month and day-of-week are both set, which in five-field cron means either of them; EventBridge Scheduler has no such rule: write two schedules, one for each',
  );
  return everyDay;
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

/** `MON-FRI` for a run of days, else a list of names. */
function byName(numbers: readonly number[]): string {
  const days = [...new Set(numbers.map((n) => n % 7))].sort();
  const names = days.map((day) => DAYS[day]);
  const isRun = days.length > 2 && (days.at(-1) ?? 0) - (days[0] ?? 0) === days.length - 1;
  return isRun ? `${names[0]}-${names.at(-1)}` : names.join(',');
}
