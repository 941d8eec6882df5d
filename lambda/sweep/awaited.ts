import * as z from 'zod/mini';
import { missedFiring } from '../firing/new-firing.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { addMinutes, addMs } from '../runtime/time.ts';
import { occurrences } from '../schedule/occurrences.ts';
import type { NamedSchedule, Schedule } from '../schedule/schedule.ts';

/** One scheduled time whose firing has not been seen yet, as the ledger keeps it. */
export const awaitedSchema = z.object({
  /** Its scheduled time. */
  time: z.string(),
  /** From when on it counts as missed. */
  missedAt: z.string(),
  /** Of a rate without a start, whose times are known only from its firings: any firing after this moment counts. */
  since: z.optional(z.string()),
});

/** An occurrence of a schedule that must be recorded. */
export type Awaited = z.infer<typeof awaitedSchema>;

/** One enabled schedule. */
export interface Watch {
  readonly schedule: NamedSchedule;
  readonly missedAfterMinutes: number;
}

/** Where an occurrence belongs: names of the trigger and of its schedule. */
export interface AwaitedOf {
  readonly name: string;
  readonly trigger: Trigger;
  readonly schedule: string;
}

/** The first time of a schedule after a moment, from which a rate without a start counts. */
export type NextTime = (schedule: Schedule, after: Date) => Date | undefined;

/** Remembers what it has found: thousands of schedules have few different times. */
export function rememberedNextTime(): NextTime {
  const known = new Map<string, Date | undefined>();
  return (schedule, after) => {
    const { expression, timezone, start, end, enabled } = schedule;
    const key = JSON.stringify([expression, timezone, start, end, enabled, after]);
    if (!known.has(key)) {
      const [next] = occurrences(schedule, addMs(after, 1), after).take(1);
      known.set(key, next);
    }
    return known.get(key);
  };
}

/** Undefined for a schedule that has ended. */
export function nextAfter(
  time: Date,
  { schedule, missedAfterMinutes }: Watch,
  nextTime: NextTime,
): Awaited | undefined {
  const next = nextTime(schedule, time);
  if (!next) return undefined;
  const { times, start, flexibleWindowMinutes } = schedule;
  const isAnchored = times.kind === 'rate' && start === undefined;
  return {
    time: next.toISOString(),
    missedAt: addMinutes(next, flexibleWindowMinutes + missedAfterMinutes).toISOString(),
    ...(isAnchored && { since: addMinutes(next, -times.minutes).toISOString() }),
  };
}

/** The scheduled time of the last firing that a rate without a start has in place of this occurrence. */
export async function lastFiredOf(
  awaited: Awaited,
  { name, schedule }: AwaitedOf,
  { ledger }: LedgerContext,
): Promise<Date | undefined> {
  const { time, since } = awaited;
  if (since === undefined) return undefined;
  const from = new Date(since);
  const until = addMs(new Date(time), intervalOf(awaited) / 2);
  for await (const { cause, state } of ledger.ofTrigger(name, from)) {
    if (cause.kind !== 'schedule' || cause.schedule !== schedule || state === 'missed') continue;
    const firedAt = new Date(cause.scheduledTime);
    if (firedAt > from && firedAt <= until) return firedAt;
  }
  return undefined;
}

/** A later occurrence of the rate of which `one` fired at this time. */
export function countedFrom(firedAt: Date, one: Awaited, later: Awaited): Awaited {
  if (later.since === undefined || intervalOf(later) !== intervalOf(one)) return later;
  const lateMs = firedAt.getTime() - new Date(one.time).getTime();
  const moved = (time: string) => addMs(new Date(time), lateMs).toISOString();
  return { time: moved(later.time), missedAt: moved(later.missedAt), since: moved(later.since) };
}

function intervalOf({ time, since = time }: Awaited): number {
  return new Date(time).getTime() - new Date(since).getTime();
}

/** Records that an occurrence did not fire, unless it has a firing: one write decides. */
export async function recordMissed(
  { time, missedAt }: Awaited,
  { name, trigger, schedule }: AwaitedOf,
  { ledger, now }: LedgerContext,
): Promise<void> {
  const cause = { kind: 'schedule', schedule, scheduledTime: time } as const;
  const occurrence = { trigger: name, cause, at: new Date(time) };
  const { recorded, firing } = await ledger.record(
    missedFiring(occurrence, trigger, new Date(missedAt), now()),
  );
  if (!recorded) return;
  log('schedule_missed', {
    trigger: name,
    firing: firing.id,
    schedule,
    scheduled_time: time,
    message: firing.reason,
  });
}
