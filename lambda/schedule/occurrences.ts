import { Temporal } from 'temporal-polyfill';
import type { Cron, DayRule, Schedule } from './schedule.ts';
import { instantOf } from './wall-clock.ts';

/**
 * When a schedule fires at or after `from`, in order, as EventBridge Scheduler would: a local time that the
 * clocks skip does not fire, one that they repeat fires the first time, a day of a rate has 24 hours. A rate
 * counts from `start`, else from `createdAt`, and fires at that moment itself. Flexible windows are not added.
 */
export function* occurrences(
  schedule: Schedule,
  from: Date,
  createdAt: Date,
): Generator<Date, undefined> {
  if (!schedule.enabled) return;
  const first = Math.max(from.getTime(), toEpoch(schedule.start) ?? Number.NEGATIVE_INFINITY);
  const last = toEpoch(schedule.end) ?? Number.POSITIVE_INFINITY;
  const anchor = toEpoch(schedule.start) ?? createdAt.getTime();
  for (const time of timesFrom(schedule, first, anchor)) {
    if (time > last) return;
    yield new Date(time);
  }
}

/** Ascending, from `first` on, in milliseconds since the epoch. */
function* timesFrom({ times, timezone }: Schedule, first: number, anchor: number) {
  if (times.kind === 'rate') return yield* rateTimes(times.minutes, first, anchor);
  const local =
    times.kind === 'at'
      ? [Temporal.PlainDateTime.from(times.at)]
      : localTimes(times, wallTime(first, timezone));
  for (const wall of local) {
    const time = instantOf(wall, timezone)?.epochMilliseconds;
    if (time !== undefined && time >= first) yield time;
  }
}

function* rateTimes(minutes: number, first: number, anchor: number): Generator<number> {
  const interval = minutes * 60_000;
  const skipped = Math.max(0, Math.ceil((first - anchor) / interval));
  for (let time = anchor + skipped * interval; time <= LAST_TIME; time += interval) yield time;
}

/** The last moment a Date can hold. */
const LAST_TIME = 8.64e15;

const MINUTES = sequence(0, 59);
const HOURS = sequence(0, 23);
const MONTHS = sequence(1, 12);
const YEARS = sequence(1970, 2199);

/** The calendar's minutes that a cron expression means, from `from` on, whatever the clocks do. */
export function* localTimes(
  cron: Cron,
  from: Temporal.PlainDateTime,
): Generator<Temporal.PlainDateTime> {
  const { hours = HOURS, minutes = MINUTES } = cron;
  for (const date of localDates(cron, from.toPlainDate())) {
    for (const hour of hours) {
      for (const minute of minutes) {
        const time = date.toPlainDateTime({ hour, minute });
        if (Temporal.PlainDateTime.compare(time, from) >= 0) yield time;
      }
    }
  }
}

/** Numbers as long as possible: to make a date of Temporal is slow, and thousands of schedules are looked at. */
function* localDates(
  { years = YEARS, months = MONTHS, day: rule }: Cron,
  from: Temporal.PlainDate,
): Generator<Temporal.PlainDate> {
  for (const year of years) {
    if (year < from.year) continue;
    for (const month of months) {
      if (year === from.year && month < from.month) continue;
      const isFirst = year === from.year && month === from.month;
      const inMonth = Temporal.PlainYearMonth.from({ year, month });
      for (const day of daysOf(rule, inMonth)) {
        if (!isFirst || day >= from.day) yield inMonth.toPlainDate({ day });
      }
    }
  }
}

function sequence(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** What the clocks show at an instant, without its seconds. */
function wallTime(epochMilliseconds: number, timezone: string): Temporal.PlainDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMilliseconds)
    .toZonedDateTimeISO(timezone)
    .toPlainDateTime()
    .round({ smallestUnit: 'minute', roundingMode: 'floor' });
}

function toEpoch(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}

/** The days of a month that a cron expression's day fields mean, ascending; without a rule, all of them. */
function daysOf(rule: DayRule | undefined, month: Temporal.PlainYearMonth): number[] {
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
