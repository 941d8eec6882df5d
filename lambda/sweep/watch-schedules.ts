import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import { type ProblemsContext, trackProblems } from '../events/problems.ts';
import type { Publish } from '../events/publish.ts';
import { together, type Untold } from '../events/together.ts';
import { EVENT_KINDS } from '../firing/event-kind.ts';
import { firingId } from '../firing/new-firing.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { addMinutes, addMs } from '../runtime/time.ts';
import { occurrences } from '../schedule/occurrences.ts';
import type { Schedule } from '../schedule/schedule.ts';

const watchedSchema = z.object({
  /** Of the schedule as it was first seen: an edited schedule is watched from the next sweep on. */
  fingerprint: z.string(),
  /** The next occurrence that must be recorded. Absent: the schedule is over. */
  nextAt: z.optional(z.string()),
});
type Watched = z.infer<typeof watchedSchema>;

const ID = '/schedules';
const memoSchema = z.object({
  id: z.string(),
  revision: z.string(),
  schedules: z.record(z.string(), watchedSchema),
});

/** One enabled schedule. */
interface Watch {
  readonly trigger: string;
  readonly index: number;
  readonly schedule: Schedule;
  readonly missedAfterMinutes: number;
}

/**
 * Publishes an event for each enabled schedule whose last due occurrence has no firing: something between EventBridge
 * Scheduler and the ledger is broken, and there is no firing to say so. A schedule is watched from the first sweep that
 * sees it; each missed occurrence is published at least once.
 */
export async function watchSchedules(
  triggers: Readonly<Record<string, Trigger>>,
  context: ProblemsContext,
  publish: Publish,
): Promise<void> {
  const { ledger, now } = context;
  const read = await ledger.readItem(ID, memoSchema);
  const at = now();
  const missed: Untold[] = [];
  const entries = watchesOf(triggers).map(async (watch) => {
    const key = `${watch.trigger}/${watch.index}`;
    const known = read?.schedules[key];
    const fingerprint = fingerprintOf(watch.schedule);
    const next =
      known?.fingerprint === fingerprint
        ? await check(watch, known, at, context, missed)
        : { fingerprint, ...nextAfter(watch.schedule, at) };
    return [key, next] as const;
  });
  const schedules = Object.fromEntries(await Promise.all(entries));
  if (missed.length > 0) await publish(together(missed, at));
  // When another sweep has written in between, it has found the same: this one need not write again.
  if (!isDeepStrictEqual(read?.schedules ?? {}, schedules)) {
    await ledger.writeItem(read, { id: ID, schedules });
  }
}

function watchesOf(triggers: Readonly<Record<string, Trigger>>): Watch[] {
  return Object.entries(triggers).flatMap(([trigger, { schedules, missedAfterMinutes }]) =>
    schedules.flatMap((schedule, index) =>
      schedule.enabled ? [{ trigger, index, schedule, missedAfterMinutes }] : [],
    ),
  );
}

function fingerprintOf(schedule: Schedule): string {
  return createHash('sha256').update(JSON.stringify(schedule)).digest('hex').slice(0, 16);
}

async function check(
  watch: Watch,
  watched: Watched,
  now: Date,
  context: ProblemsContext,
  missed: Untold[],
): Promise<Watched> {
  const { schedule, missedAfterMinutes } = watch;
  const horizon = addMinutes(now, -missedAfterMinutes - schedule.flexibleWindowMinutes);
  if (watched.nextAt === undefined || new Date(watched.nextAt) > horizon) return watched;
  const due = lastDueOf(schedule, new Date(watched.nextAt), horizon);
  const recordedAt = await recordedAtOf(watch, due, context);
  if (!recordedAt) missed.push(await missedOf(watch, due, context));
  return { fingerprint: watched.fingerprint, ...nextAfter(schedule, recordedAt ?? due) };
}

/** Of several that are due, as after an outage, the last one is checked. */
function lastDueOf(schedule: Schedule, first: Date, horizon: Date): Date {
  let last = first;
  for (const time of occurrences(schedule, first, first)) {
    if (time > horizon) break;
    last = time;
  }
  return last;
}

/**
 * From when on to wait for the next occurrence; undefined when this one has no firing. The times of a rate without a
 * start are known only from its firings: any of them since the occurrence before counts.
 */
async function recordedAtOf(
  { trigger, index, schedule: { times, start } }: Watch,
  due: Date,
  { ledger }: LedgerContext,
): Promise<Date | undefined> {
  if (times.kind !== 'rate' || start !== undefined) {
    const recorded = await ledger.read(occurrenceId(trigger, index, due));
    return recorded && due;
  }
  const since = addMs(addMinutes(due, -times.minutes), 1);
  for await (const { cause, recordedAt } of ledger.ofTrigger(trigger, since)) {
    if (cause.kind === 'schedule' && cause.schedule === index) return new Date(recordedAt);
  }
  return undefined;
}

function nextAfter(schedule: Schedule, time: Date): { nextAt?: string } {
  const [next] = occurrences(schedule, addMs(time, 1), time).take(1);
  return next ? { nextAt: next.toISOString() } : {};
}

function occurrenceId(trigger: string, index: number, due: Date): string {
  return firingId(trigger, { kind: 'schedule', schedule: index, scheduledTime: due.toISOString() });
}

async function missedOf(
  { trigger, index, schedule, missedAfterMinutes }: Watch,
  due: Date,
  context: ProblemsContext,
): Promise<Untold> {
  const firing = occurrenceId(trigger, index, due);
  const scheduled_time = due.toISOString();
  const message = `It was due at ${scheduled_time} by ${schedule.expression} (${schedule.timezone}), and nothing had fired ${missedAfterMinutes} min later.`;
  const what_to_do = EVENT_KINDS.missed.whatToDo;
  const event = {
    kind: 'missed',
    firing,
    beganAt: scheduled_time,
    showsItWorks: false,
    causes: [],
  } as const;
  const { repeated } = await trackProblems(trigger, event, context);
  log('schedule_missed', { trigger, schedule: index, scheduled_time, message, what_to_do });
  return {
    causes: [],
    event: {
      version: 1,
      id: `${firing}/missed`,
      kind: 'missed',
      trigger,
      time: context.now().toISOString(),
      reasons: [message],
      what_to_do,
      schedule: { index, scheduled_time },
      repeated,
    },
  };
}
