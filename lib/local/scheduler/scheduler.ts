import { occurrences } from '../../../lambda/schedule/occurrences.ts';
import type { Clock } from '../../clock.ts';
import type { LocalSchedule } from '../assembly/assembly.ts';

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Earlier occurrences are not fired. */
  readonly from: Date;
  /** Since when a schedule exists: its rate counts from then. */
  createdAt(schedule: LocalSchedule): Date;
  fire(schedule: LocalSchedule, scheduledTime: Date): void;
  /** An occurrence that is too late to fire: the machine slept through it. */
  miss(schedule: LocalSchedule, scheduledTime: Date): void;
}

/** No sleep is longer, so that a changed clock or a machine that slept is noticed soon. */
const LONGEST_SLEEP_MS = 60_000;
const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

/**
 * Fires each schedule at its times, each occurrence at most once however the clock moves. One that
 * comes later than the schedule's maximum event age is missed. Resolves when no schedule has a time left or the
 * signal aborts.
 */
export async function runSchedules(
  schedules: readonly LocalSchedule[],
  options: SchedulerOptions,
): Promise<void> {
  await Promise.all(schedules.map((schedule) => runSchedule(schedule, options)));
}

/** A schedule's input with EventBridge Scheduler's placeholder replaced. */
export function inputOf({ input }: LocalSchedule, scheduledTime: Date): string {
  return input.replaceAll(SCHEDULED_TIME, scheduledTime.toISOString().replace(/\.\d+Z$/, 'Z'));
}

async function runSchedule(schedule: LocalSchedule, options: SchedulerOptions): Promise<void> {
  const { clock, signal } = options;
  const carriesTime = schedule.input.includes(SCHEDULED_TIME);
  const times = occurrences(schedule.schedule, options.from, options.createdAt(schedule));
  for (const time of times) {
    if (!(await reached(time, clock, signal))) return;
    const lateMs = clock.now().getTime() - time.getTime();
    if (!carriesTime) {
      // Its occurrences are all alike: of those missed, the last one does for all.
      if (lateMs < LONGEST_SLEEP_MS) options.fire(schedule, time);
    } else if (lateMs > schedule.maxEventAgeSeconds * 1000) options.miss(schedule, time);
    else options.fire(schedule, time);
  }
}

/** False when the signal aborted before that time came. */
async function reached(time: Date, clock: Clock, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const leftMs = time.getTime() - clock.now().getTime();
    if (leftMs <= 0) return true;
    await clock.sleep(Math.min(leftMs, LONGEST_SLEEP_MS), signal);
  }
  return false;
}
