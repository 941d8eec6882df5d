import { Temporal } from 'temporal-polyfill';
import { localTimes, occurrences } from '../../lambda/schedule/occurrences.ts';
import type { Schedule } from '../../lambda/schedule/schedule.ts';
import { takeWhile } from '../take-while.ts';
import type { Found } from './leaf.ts';
import type { TriggersFile } from './schema.ts';

/** What an operator may not have meant in these triggers of a file, which can be used. @param hasBudget whether all of them together have one. */
export function warningsOf(
  triggers: TriggersFile['triggers'],
  hasBudget: boolean,
  now: Date,
): Found[] {
  const doubtsOf = rememberedDoubts(now);
  return Object.entries(triggers).flatMap(([name, trigger]) => {
    const { schedules, webhook, events = [], budget } = trigger;
    const path = ['triggers', name];
    if (schedules.length === 0 && !webhook && events.length === 0)
      return [{ path, message: BY_HAND }];
    return schedules.flatMap((schedule, index) => {
      const often = hasBudget || budget ? [] : tooOften(schedule);
      return [...doubtsOf(schedule), ...often].map((message) => ({
        path: [...path, 'schedules', index, schedule.times.kind],
        message,
      }));
    });
  });
}

const BY_HAND =
  'has neither schedules, events nor a webhook, so it fires only when a person fires it';

/** More than one every half hour is rarely meant. */
const MOST_A_DAY = 48;

function tooOften(schedule: Schedule): string[] {
  const often = timesADay(schedule);
  if (!schedule.enabled || often <= MOST_A_DAY) return [];
  return [
    `fires ${often.toLocaleString('en')} times a day, and every execution costs money; write a budget for it`,
  ];
}

/** On a day on which it fires at all. */
function timesADay({ times }: Schedule): number {
  if (times.kind === 'at') return 1;
  if (times.kind === 'rate') return Math.floor(1440 / times.minutes);
  const { minutes, hours } = times;
  return (minutes?.length ?? 60) * (hours?.length ?? 24);
}

/** Thousands of schedules have few different times, and to look for clock changes is slow. */
function rememberedDoubts(now: Date): (schedule: Schedule) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (schedule) => {
    const { expression, timezone, start, end, enabled } = schedule;
    const key = JSON.stringify([expression, timezone, start, end, enabled]);
    const doubts = known.get(key) ?? scheduleDoubts(schedule, now);
    known.set(key, doubts);
    return doubts;
  };
}

function scheduleDoubts(schedule: Schedule, now: Date): string[] {
  if (!schedule.enabled) return [];
  const { times } = schedule;
  const { kind } = times;
  if (occurrences(schedule, now, now).next().done) {
    if (kind === 'at') return ['is in the past, so it will not fire'];
    const isOver = kind !== 'cron' || !localTimes(times, FIRST_TIME).next().done;
    return [isOver ? 'will not fire any more: all its times are in the past' : NEVER];
  }
  if (kind === 'rate' && !schedule.start) return [RATE_STARTS_AT_ONCE];
  return clockChanges(schedule, now).map((change) => inWords(change, schedule.timezone));
}

const NEVER = 'never fires: no date in the calendar is one that it names';

/** The first one that a cron expression can name. */
const FIRST_TIME = Temporal.PlainDateTime.from('1970-01-01T00:00');

function inWords({ kind, times: [first = '', ...more] }: ClockChange, timezone: string): string {
  const [date, time] = first.split('T');
  const times =
    more.length > 0
      ? `${time} and ${more.length} more ${more.length === 1 ? 'time' : 'times'}`
      : time;
  return kind === 'skipped'
    ? `does not fire on ${date} at ${times}, which the clocks of ${timezone} skip`
    : `fires only once on ${date} at ${times}, which the clocks of ${timezone} show twice`;
}

const RATE_STARTS_AT_ONCE =
  'without start, it fires as soon as it is deployed, and that execution costs money; write start to choose its first time';

/**
 * Local times of a cron schedule (`2027-03-28T02:30`, ascending) that the clocks of its zone skip, or show twice, when they are
 * changed in the next year; a rate and a single time meet no change.
 */
export function clockChanges(schedule: Schedule, now: Date) {
  const { times, timezone, start, end, enabled } = schedule;
  if (times.kind !== 'cron' || !enabled) return [];
  const from = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timezone);
  const isActive = ({ epochMilliseconds }: Temporal.ZonedDateTime) =>
    !(start && epochMilliseconds < Date.parse(start)) &&
    !(end && epochMilliseconds > Date.parse(end));
  return transitions(from, from.add({ years: 1 }))
    .filter(isActive)
    .flatMap((after) => {
      const { kind, first, end: last } = affected(after);
      const isBefore = (time: Temporal.PlainDateTime) =>
        Temporal.PlainDateTime.compare(time, last) < 0;
      const met = takeWhile(localTimes(times, first), isBefore);
      const written = met.map((time) => time.toString({ smallestUnit: 'minute' }));
      return written.length > 0 ? [{ kind, times: written }] : [];
    });
}

type ClockChange = ReturnType<typeof clockChanges>[number];

/** The first moment after each change. */
function transitions(from: Temporal.ZonedDateTime, until: Temporal.ZonedDateTime) {
  const found: Temporal.ZonedDateTime[] = [];
  let next = from.getTimeZoneTransition('next');
  while (next && Temporal.ZonedDateTime.compare(next, until) <= 0) {
    found.push(next);
    next = next.getTimeZoneTransition('next');
  }
  return found;
}

/** The local times from `first` to before `end` that a change skips or repeats. */
function affected(after: Temporal.ZonedDateTime) {
  const before = after.subtract({ nanoseconds: 1 });
  const shift = { nanoseconds: after.offsetNanoseconds - before.offsetNanoseconds };
  const local = after.toPlainDateTime();
  return after.offsetNanoseconds > before.offsetNanoseconds
    ? { kind: 'skipped' as const, first: local.subtract(shift), end: local }
    : { kind: 'repeated' as const, first: local, end: local.subtract(shift) };
}
