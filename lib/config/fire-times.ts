import { occurrences } from '../../lambda/schedule/occurrences.ts';
import { deployedSchedule } from './deployed-schedule.ts';
import type { Schedule } from './schedule-schema.ts';

/** When a schedule fires at or after `from`, in order: see `occurrences`, which the sweep reckons with as well. */
export function fireTimes(schedule: Schedule, from: Date, createdAt: Date): Generator<Date> {
  return occurrences(deployedSchedule(schedule), from, createdAt);
}
