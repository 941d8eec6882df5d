import type { Temporal } from 'temporal-polyfill';
import type { DayRule } from './schedule.ts';

/** The days of a month that a cron expression's day fields mean, ascending; without a rule, all of them. */
export function daysOf(rule: DayRule | undefined, month: Temporal.PlainYearMonth): number[] {
  const { daysInMonth } = month;
  const days = Array.from({ length: daysInMonth }, (_, index) => index + 1);
  switch (rule?.kind) {
    case undefined:
      return days;
    case 'dates':
      return days.filter((day) => rule.dates.includes(day));
    case 'last-date':
      return [daysInMonth];
  }
  const { dayOfWeek: first } = month.toPlainDate({ day: 1 });
  /** 1 is Sunday. */
  const weekdayOf = (day: number) => ((first + day - 1) % 7) + 1;
  switch (rule.kind) {
    case 'nearest-workday':
      return rule.date > daysInMonth
        ? []
        : [nearestWorkday(rule.date, weekdayOf(rule.date), daysInMonth)];
    case 'weekdays':
      return days.filter((day) => rule.weekdays.includes(weekdayOf(day)));
    case 'last-weekday':
      return days.filter((day) => weekdayOf(day) === rule.weekday).slice(-1);
    case 'nth-weekday':
      return days.filter((day) => weekdayOf(day) === rule.weekday).slice(rule.nth - 1, rule.nth);
  }
}

const SATURDAY = 7;
const SUNDAY = 1;

/** Saturday moves to Friday and Sunday to Monday, but never into another month. */
function nearestWorkday(date: number, weekday: number, daysInMonth: number): number {
  if (weekday === SATURDAY) return date === 1 ? 3 : date - 1;
  if (weekday === SUNDAY) return date === daysInMonth ? date - 2 : date + 1;
  return date;
}
