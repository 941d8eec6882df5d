import { occurrences } from '../../lambda/schedule/occurrences.ts';
import type { TriggersFile } from '../config/schema.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** How often a schedule fires. */
export interface ScheduleLoad {
  readonly trigger: string;
  readonly schedule: string;
  readonly expression: string;
  readonly timezone: string;
  /** Undefined: it does not fire within 30 days. */
  readonly next: Date | undefined;
  /** In the fullest 24 hours, and in all 30 days. */
  readonly mostPerDay: number;
  readonly perMonth: number;
}

/** The schedules of a file in the 30 days after `now`, and how many fire in the fullest minute of them. */
export function scheduleLoads({ triggers }: Pick<TriggersFile, 'triggers'>, now: Date) {
  const minutes = new Map<number, number>();
  const until = now.getTime() + DAYS * DAY_MS;
  const loads = Object.entries(triggers).flatMap(([trigger, { schedules }]) =>
    schedules.map((schedule): ScheduleLoad => {
      const times = occurrences(schedule, now, now)
        .take(until / MINUTE_MS)
        .map((time) => time.getTime());
      const soon: number[] = [];
      for (const time of times) {
        if (time >= until) break;
        soon.push(time);
        const minute = Math.floor(time / MINUTE_MS);
        minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
      }
      const [next] = soon;
      return {
        trigger,
        schedule: schedule.name,
        expression: schedule.expression,
        timezone: schedule.timezone,
        next: next === undefined ? undefined : new Date(next),
        mostPerDay: mostWithinADay(soon),
        perMonth: soon.length,
      };
    }),
  );
  return { loads, mostAtOnce: Math.max(0, ...minutes.values()) };
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
