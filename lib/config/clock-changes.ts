import { Temporal } from 'temporal-polyfill';
import { localTimes } from '../../lambda/schedule/occurrences.ts';
import type { Schedule } from '../../lambda/schedule/schedule.ts';
import { takeWhile } from '../take-while.ts';

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

export type ClockChange = ReturnType<typeof clockChanges>[number];

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
