import type { Temporal } from 'temporal-polyfill';
import type { DayRule } from './schedule.ts';

/** The dates of a month that a cron expression's day fields mean, ascending; without a rule, all of them. */
export function datesOf(
  rule: DayRule | undefined,
  month: Temporal.PlainYearMonth,
): Temporal.PlainDate[] {
  const dates = Array.from({ length: month.daysInMonth }, (_, index) =>
    month.toPlainDate({ day: index + 1 }),
  );
  switch (rule?.kind) {
    case undefined:
      return dates;
    case 'dates':
      return dates.filter(({ day }) => rule.dates.includes(day));
    case 'last-date':
      return dates.slice(-1);
    case 'nearest-workday':
      return dates.slice(rule.date - 1, rule.date).map((date) => nearestWorkday(date, month));
    case 'weekdays':
      return dates.filter((date) => rule.weekdays.includes(weekdayOf(date)));
    case 'last-weekday':
      return dates.filter((date) => weekdayOf(date) === rule.weekday).slice(-1);
    case 'nth-weekday':
      return dates.filter((date) => weekdayOf(date) === rule.weekday).slice(rule.nth - 1, rule.nth);
  }
}

/** 1 is Sunday. */
function weekdayOf({ dayOfWeek }: Temporal.PlainDate): number {
  return (dayOfWeek % 7) + 1;
}

/** Saturday moves to Friday and Sunday to Monday, but never into another month. */
function nearestWorkday(
  date: Temporal.PlainDate,
  { daysInMonth }: Temporal.PlainYearMonth,
): Temporal.PlainDate {
  const shift = { 6: -1, 7: 1 }[date.dayOfWeek] ?? 0;
  const day = date.day + shift;
  const inMonth = day < 1 ? date.day + 2 : day > daysInMonth ? date.day - 2 : day;
  return date.with({ day: inMonth });
}
