import type { Cause } from '../../lambda/firing/firing.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { addMinutes, addMs } from '../../lambda/runtime/time.ts';
import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { NamedSchedule } from '../../lambda/schedule/schedule.ts';
import { takeWhile } from '../take-while.ts';

/** A time at which a schedule was due, or at which something else caused a firing. */
export interface DueTime {
  readonly time: Date;
  readonly cause: Cause;
  /** Absent: the ledger has nothing of it, not even that it was missed. */
  readonly firing?: ListedFiring;
}

/** The sweep records a missed one within its next two rounds. */
const SWEEP_MINUTES = 2;
const DAY_MS = 86_400_000;

/**
 * The last `most` due times of a trigger and its firings by other causes, oldest first: its firings, and the occurrences
 * of its schedules since then of which the ledger has nothing. An occurrence counts from the oldest firing of its schedule
 * that lies on the schedule as it is now, since nothing tells how long it has been so. Pure.
 */
export function dueTimes(
  { schedules, missedAfterMinutes }: Pick<Trigger, 'schedules' | 'missedAfterMinutes'>,
  firings: readonly ListedFiring[],
  { now, most }: { readonly now: Date; readonly most: number },
): DueTime[] {
  const fired = firings.map((firing) => ({ time: dueOf(firing), cause: firing.cause, firing }));
  const silent = schedules.flatMap((schedule) => {
    const { name, flexibleWindowMinutes } = schedule;
    const wait = flexibleWindowMinutes + missedAfterMinutes + SWEEP_MINUTES;
    const own = fired
      .filter(({ cause }) => cause.kind === 'schedule' && cause.schedule === name)
      .map(({ time }) => time.getTime())
      .toSorted((a, b) => a - b);
    return silentOccurrences(schedule, own, { until: addMinutes(now, -wait), most });
  });
  return [...fired, ...silent].toSorted((a, b) => a.time.getTime() - b.time.getTime()).slice(-most);
}

/** When its schedule was due, else when it was recorded. */
export function dueOf({ cause, recordedAt }: Pick<ListedFiring, 'cause' | 'recordedAt'>): Date {
  return new Date(cause.kind === 'schedule' ? cause.scheduledTime : recordedAt);
}

interface Period {
  readonly until: Date;
  readonly most: number;
}

/** @param fired times of the schedule's firings, ascending. */
function silentOccurrences(
  schedule: NamedSchedule,
  fired: readonly number[],
  { until, most }: Period,
): DueTime[] {
  const [first] = fired;
  if (first === undefined) return [];
  const anchor = new Date(first);
  const from = fired.find((time) => {
    const [next] = occurrences(schedule, new Date(time), anchor).take(1);
    return next?.getTime() === time;
  });
  if (from === undefined) return [];
  const known = new Set(fired);
  return lastOccurrences(schedule, anchor, { from: new Date(from), until, most })
    .filter((time) => !known.has(time.getTime()))
    .map((time) => ({
      time,
      cause: { kind: 'schedule', schedule: schedule.name, scheduledTime: time.toISOString() },
    }));
}

/** Looks at the last day first, then further back: occurrences are found forwards only, and may be many. */
function lastOccurrences(
  schedule: NamedSchedule,
  anchor: Date,
  { from, until, most }: Period & { readonly from: Date },
): Date[] {
  for (let span = DAY_MS; ; span *= 8) {
    const start = new Date(Math.max(from.getTime(), until.getTime() - span));
    const times = takeWhile(occurrences(schedule, start, anchor), (time) => time <= until);
    if (times.length >= most || start <= from) return times.slice(-most);
  }
}

/**
 * The next times of a schedule, ascending: the first whenever it is, the others until then, `most` in all. A rate
 * without a start counts from an earlier firing; without one, nobody knows its times. Pure.
 */
export function timesAhead(
  schedule: NamedSchedule,
  firings: readonly ListedFiring[],
  { now, until, most }: Period & { readonly now: Date },
): Date[] {
  const { name, times, start } = schedule;
  const earlier = firings.find(({ cause }) => cause.kind === 'schedule' && cause.schedule === name);
  if (times.kind === 'rate' && start === undefined && !earlier) return [];
  const anchor = earlier ? dueOf(earlier) : now;
  const ahead = occurrences(schedule, addMs(now, 1), anchor).take(most);
  return takeWhile(ahead, (time, index) => index === 0 || time <= until);
}
