import { occurrences } from '../../../lambda/schedule/occurrences.ts';
import type { Clock } from '../../clock.ts';
import type { LocalSchedule } from '../assembly/assembly.ts';

interface SchedulerOptions {
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
export async function runSchedules(schedules: readonly LocalSchedule[], options: SchedulerOptions) {
  const { clock, signal, from, createdAt } = options;
  let waiting = schedules.map((schedule) => {
    const times = occurrences(schedule.schedule, from, createdAt(schedule));
    return { schedule, times, next: times.next().value };
  });
  while (!signal.aborted) {
    const now = clock.now();
    for (const one of waiting) {
      for (; one.next && one.next <= now; one.next = one.times.next().value) {
        fireOrMiss(one.schedule, one.next, now, options);
      }
    }
    waiting = waiting.filter(({ next }) => next);
    if (waiting.length === 0) return;
    const sleepMs = waiting.reduce(
      (least, { next = now }) => Math.min(least, next.getTime() - now.getTime()),
      LONGEST_SLEEP_MS,
    );
    await clock.sleep(sleepMs, signal);
  }
}

/** A schedule's input with EventBridge Scheduler's placeholder replaced. */
export function inputOf({ input }: LocalSchedule, scheduledTime: Date): string {
  return input.replaceAll(SCHEDULED_TIME, scheduledTime.toISOString().replace(/\.\d+Z$/, 'Z'));
}

function fireOrMiss(
  schedule: LocalSchedule,
  time: Date,
  now: Date,
  { fire, miss }: SchedulerOptions,
): void {
  const lateMs = now.getTime() - time.getTime();
  if (!schedule.input.includes(SCHEDULED_TIME)) {
    // Its occurrences are all alike: of those missed, the last one does for all.
    if (lateMs < LONGEST_SLEEP_MS) fire(schedule, time);
  } else if (lateMs > schedule.maxEventAgeSeconds * 1000) miss(schedule, time);
  else fire(schedule, time);
}
