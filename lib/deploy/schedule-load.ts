import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { TriggersFile } from '../config/schema.ts';
import { takeWhile } from '../take-while.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The minute in which most schedules fire. */
export interface FullestMinute {
  readonly count: number;
  /** The shortest start deadline of their triggers, and whose it is. */
  readonly deadline: { readonly minutes: number; readonly trigger: string };
}

/** How often the schedules of a file fire in the 30 days after `now`, and the fullest minute of them, if anything fires. */
export function scheduleLoads({ triggers }: Pick<TriggersFile, 'triggers'>, now: Date) {
  const minutes = new Map<number, FullestMinute>();
  const until = now.getTime() + DAYS * DAY_MS;
  const loads = Object.entries(triggers).flatMap(([trigger, { schedules, startDeadlineMinutes }]) =>
    schedules.map((schedule) => {
      const times = occurrences(schedule, now, now).map((time) => time.getTime());
      const soon = takeWhile(times, (time) => time < until);
      for (const time of soon) {
        const minute = Math.floor(time / MINUTE_MS);
        const own = { minutes: startDeadlineMinutes, trigger };
        const { count = 0, deadline = own } = minutes.get(minute) ?? {};
        const shorter = deadline.minutes <= own.minutes ? deadline : own;
        minutes.set(minute, { count: count + 1, deadline: shorter });
      }
      const [next] = soon;
      return {
        trigger,
        schedule: schedule.name,
        expression: schedule.expression,
        timezone: schedule.timezone,
        /** Undefined: it does not fire in that time. */
        next: next === undefined ? undefined : new Date(next),
        /** In the fullest 24 hours. */
        mostPerDay: mostWithinADay(soon),
        perMonth: soon.length,
      };
    }),
  );
  const [fullest] = [...minutes.values()].toSorted((a, b) => b.count - a.count);
  return { loads, fullest };
}

/** Of ascending times. */
function mostWithinADay(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  times.forEach((time, index) => {
    while ((times[first] ?? time) <= time - DAY_MS) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}
