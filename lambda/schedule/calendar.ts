import type { Temporal } from 'temporal-polyfill';
import type { DayRule } from './schedule.ts';

/** The days of a month that a cron expression's day fields mean, ascending; without a rule, all of them. */
export function daysOf(rule: DayRule | undefined, month: Temporal.PlainYearMonth): number[] {
  const days = Array.from({ length: month.daysInMonth }, (_, index) => index + 1);
  switch (rule?.kind) {
    case undefined:
      return days;
    case 'dates':
      return days.filter((day) => rule.dates.includes(day));
    case 'last-date':
      return days.slice(-1);
    case 'nearest-workday':
      return days.slice(rule.date - 1, rule.date).map((day) => nearestWorkday(day, month));
    case 'weekdays':
      return ofWeekday((weekday) => rule.weekdays.includes(weekday));
    case 'last-weekday':
      return ofWeekday((weekday) => weekday === rule.weekday).slice(-1);
    case 'nth-weekday':
      return ofWeekday((weekday) => weekday === rule.weekday).slice(rule.nth - 1, rule.nth);
  }

  function ofWeekday(isMeant: (weekday: number) => boolean): number[] {
    const first = weekdayOf(1, month);
    return days.filter((day) => isMeant(((first + day - 2) % 7) + 1));
  }
}

/** 1 is Sunday. */
function weekdayOf(day: number, month: Temporal.PlainYearMonth): number {
  return (month.toPlainDate({ day }).dayOfWeek % 7) + 1;
}

/** Saturday moves to Friday and Sunday to Monday, but never into another month. */
function nearestWorkday(date: number, month: Temporal.PlainYearMonth): number {
  const shift = { 7: -1, 1: 1 }[weekdayOf(date, month)] ?? 0;
  const day = date + shift;
  return day < 1 ? date + 2 : day > month.daysInMonth ? date - 2 : day;
}
