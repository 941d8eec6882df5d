import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Trigger } from '../config/deployed-config.ts';
import { noteNews } from '../events/problems.ts';
import type { Publish } from '../events/publish.ts';
import { firingId } from '../firing/new-firing.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { log } from '../runtime/log.ts';
import { addMinutes } from '../runtime/time.ts';
import type { DeployedSchedule } from '../schedule/deployed-schedule.ts';
import { occurrences } from '../schedule/occurrences.ts';

const watchSchema = z.object({
  id: z.string(),
  revision: z.string(),
  schedules: z.record(
    z.string(),
    z.object({
      /** Of the schedule as it was seen first: an edited one begins anew. */
      fingerprint: z.string(),
      /** The occurrence that has to be recorded next; absent: none will come. */
      nextAt: z.optional(z.string()),
    }),
  ),
});
type Watched = z.infer<typeof watchSchema>['schedules'][string];

const ID = '/schedules';

/** One enabled schedule under watch. */
interface Watch {
  readonly trigger: string;
  readonly index: number;
  readonly schedule: DeployedSchedule;
  readonly missedAfterMinutes: number;
}

/**
 * Tells of each enabled schedule whose last due occurrence nobody recorded: something between EventBridge Scheduler
 * and the ledger is broken, and no firing is there to say so. A schedule is watched from the first sweep that sees
 * it; each missed occurrence is told at least once.
 */
export async function watchSchedules(
  triggers: Readonly<Record<string, Trigger>>,
  core: LedgerContext,
  publish: Publish,
): Promise<void> {
  const now = core.now();
  const standing = await core.ledger.readItem(ID, watchSchema);
  const watches = watchesOf(triggers);
  const entries = await Promise.all(
    watches.map(async (watch) => {
      const key = `${watch.trigger}/${watch.index}`;
      const known = standing?.schedules[key];
      const fingerprint = fingerprintOf(watch.schedule);
      const next =
        known?.fingerprint === fingerprint
          ? await check(watch, known, now, core, publish)
          : { fingerprint, ...nextAfter(watch.schedule, now) };
      return [key, next] as const;
    }),
  );
  const schedules = Object.fromEntries(entries);
  // Whoever else wrote it has seen the same.
  if (changed(standing?.schedules, schedules)) {
    await core.ledger.writeItem(standing, { id: ID, schedules });
  }
}

function watchesOf(triggers: Readonly<Record<string, Trigger>>): Watch[] {
  return Object.entries(triggers).flatMap(([trigger, { schedules, missedAfterMinutes }]) =>
    schedules.flatMap((schedule, index) =>
      schedule.enabled ? [{ trigger, index, schedule, missedAfterMinutes }] : [],
    ),
  );
}

function fingerprintOf(schedule: DeployedSchedule): string {
  return createHash('sha256').update(JSON.stringify(schedule)).digest('hex').slice(0, 16);
}

function changed(before: Record<string, Watched> = {}, after: Record<string, Watched>): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].some(
    (key) =>
      before[key]?.fingerprint !== after[key]?.fingerprint ||
      before[key]?.nextAt !== after[key]?.nextAt,
  );
}

async function check(
  watch: Watch,
  watched: Watched,
  now: Date,
  core: LedgerContext,
  publish: Publish,
): Promise<Watched> {
  const { schedule, missedAfterMinutes } = watch;
  const horizon = addMinutes(now, -missedAfterMinutes - schedule.flexibleWindowMinutes);
  if (watched.nextAt === undefined || new Date(watched.nextAt) > horizon) return watched;
  const lastDue = lastDueOf(schedule, new Date(watched.nextAt), horizon);
  const recordedAt = await recordedAtOf(watch, lastDue, core);
  if (!recordedAt) await tellMissed(watch, lastDue, core, publish);
  return { fingerprint: watched.fingerprint, ...nextAfter(schedule, recordedAt ?? lastDue) };
}

/** Of several that are due, as after an outage, the last one is checked. */
function lastDueOf(schedule: DeployedSchedule, first: Date, horizon: Date): Date {
  let last = first;
  for (const time of occurrences(schedule, first, first)) {
    if (time > horizon) break;
    last = time;
  }
  return last;
}

/**
 * From when on the next occurrence is awaited, if this one was recorded. The times of a rate without a start are
 * known only from its firings, so any of its firings since the one before counts.
 */
async function recordedAtOf(
  { trigger, index, schedule }: Watch,
  due: Date,
  { ledger }: LedgerContext,
): Promise<Date | undefined> {
  if (!isUnanchored(schedule)) {
    const cause = { kind: 'schedule', schedule: index, scheduledTime: due.toISOString() } as const;
    return (await ledger.read(firingId(trigger, cause))) && due;
  }
  const since = addMinutes(due, -schedule.times.minutes);
  for await (const { cause, recordedAt } of ledger.ofTrigger(trigger, justAfter(since))) {
    if (cause.kind === 'schedule' && cause.schedule === index) return new Date(recordedAt);
  }
  return undefined;
}

function isUnanchored(
  schedule: DeployedSchedule,
): schedule is DeployedSchedule & { times: { kind: 'rate' } } {
  return schedule.times.kind === 'rate' && schedule.start === undefined;
}

function nextAfter(schedule: DeployedSchedule, time: Date): { nextAt?: string } {
  const [next] = occurrences(schedule, justAfter(time), time).take(1);
  return next ? { nextAt: next.toISOString() } : {};
}

function justAfter(time: Date): Date {
  return new Date(time.getTime() + 1);
}

async function tellMissed(
  { trigger, index, missedAfterMinutes }: Watch,
  due: Date,
  core: LedgerContext,
  publish: Publish,
): Promise<void> {
  const scheduledTime = due.toISOString();
  const cause = firingId(trigger, { kind: 'schedule', schedule: index, scheduledTime });
  const reason = `Schedule ${index} was due at ${scheduledTime}, and nothing had fired ${missedAfterMinutes} min later.`;
  const news = { kind: 'missed', cause, beganAt: scheduledTime, isWell: false } as const;
  const { repeated } = await noteNews(trigger, news, core);
  await publish([
    {
      version: 1,
      id: `${cause}/missed`,
      kind: 'missed',
      trigger,
      time: core.now().toISOString(),
      reasons: [reason],
      what_to_do: WHAT_TO_DO,
      schedule: { index, scheduled_time: scheduledTime },
      repeated,
    },
  ]);
  log('schedule_missed', {
    trigger,
    schedule: index,
    scheduled_time: scheduledTime,
    message: reason,
    what_to_do: WHAT_TO_DO,
  });
}

const WHAT_TO_DO =
  'Look at the dead-letter queues and the alarms of EventBridge Scheduler, then fire the trigger by hand if the run is still wanted.';
