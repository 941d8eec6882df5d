import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import type { Trigger } from '../firing/trigger.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import { addMinutes } from '../runtime/time.ts';
import type { Schedule } from '../schedule/schedule.ts';
import {
  type Awaited,
  type AwaitedOf,
  awaitedSchema,
  countedFrom,
  lastFiredOf,
  nextAfter,
  recordMissed,
  type Watch,
} from './awaited.ts';

const watchedSchema = z.object({
  /** Of the schedule that `next` belongs to. */
  fingerprint: z.string(),
  /** Absent: the schedule is over, or not watched any more. */
  next: z.optional(awaitedSchema),
  /** What is due and may still be recorded, oldest first: to edit the schedule does not change it. */
  awaited: z.array(awaitedSchema),
});
type Watched = z.infer<typeof watchedSchema>;

const ID = '/schedules';
const memoSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** By trigger and schedule. */
  triggers: z.record(z.string(), z.record(z.string(), watchedSchema)),
});

/**
 * Records a firing in the state `missed` for each occurrence of an enabled schedule that has no firing: something
 * between EventBridge Scheduler and the ledger is broken, and nothing else would say so. The sweep publishes it like any
 * other. A schedule is watched from the first sweep that sees it. After an outage of the sweep every occurrence is
 * checked; of a schedule that was edited meanwhile, only the first.
 */
export async function watchSchedules(
  triggers: Readonly<Record<string, Trigger>>,
  context: LedgerContext,
): Promise<void> {
  const read = await context.ledger.readItem(ID, memoSchema);
  const entries = Object.entries(triggers).map(async ([name, trigger]) => {
    const watched = await watchTrigger(name, trigger, read?.triggers[name] ?? {}, context);
    return [name, watched] as const;
  });
  const watched = Object.fromEntries(await Promise.all(entries));
  // When another sweep has written in between, it has found the same: this one need not write again.
  if (!isDeepStrictEqual(read?.triggers, watched)) {
    await context.ledger.writeItem(read, { id: ID, triggers: watched });
  }
}

/**
 * Lets the sweep expect an occurrence that was due just so long ago that it counts as missed now, as if its event had
 * been lost. Rejects when another has written three times in between. For the local run.
 * @returns when it was due, in whole seconds.
 */
export async function loseOccurrence(
  { name, trigger, schedule }: AwaitedOf,
  { ledger, now }: LedgerContext,
): Promise<Date> {
  const window = trigger.schedules.find((one) => one.name === schedule)?.flexibleWindowMinutes ?? 0;
  const missedAt = new Date(Math.floor(now().getTime() / 1000) * 1000);
  const due = addMinutes(missedAt, -(window + trigger.missedAfterMinutes));
  const lost = { time: due.toISOString(), missedAt: missedAt.toISOString() };
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const read = await ledger.readItem(ID, memoSchema);
    const known = read?.triggers[name]?.[schedule] ?? { fingerprint: '', awaited: [] };
    const awaited = [lost, ...known.awaited];
    const triggers = {
      ...read?.triggers,
      [name]: { ...read?.triggers[name], [schedule]: { ...known, awaited } },
    };
    if (await ledger.writeItem(read, { id: ID, triggers })) return due;
  }
  throw new Error('The watch of the schedules is being written by others: try again');
}

async function watchTrigger(
  name: string,
  trigger: Trigger,
  known: Readonly<Record<string, Watched>>,
  context: LedgerContext,
): Promise<Record<string, Watched>> {
  const { schedules, missedAfterMinutes } = trigger;
  const enabled = schedules.filter((schedule) => schedule.enabled);
  const names = new Set([...Object.keys(known), ...enabled.map((schedule) => schedule.name)]);
  const entries = [...names].map(async (schedule) => {
    const found = enabled.find((one) => one.name === schedule);
    const watch = found && { schedule: found, missedAfterMinutes };
    const due = withDue(known[schedule], watch, context.now());
    return [schedule, await checked(due, { name, trigger, schedule }, context)] as const;
  });
  const all = await Promise.all(entries);
  return Object.fromEntries(all.filter(([, { next, awaited }]) => next || awaited.length > 0));
}

/** So many of a schedule are awaited at once; those after them follow in later sweeps. */
const MOST_AWAITED = 20;

/** With what has become due since the sweep before. */
function withDue(known: Watched | undefined, watch: Watch | undefined, now: Date): Watched {
  const { awaited = [], next } = known ?? {};
  const fingerprint = watch ? fingerprintOf(watch.schedule) : '';
  if (!watch || known?.fingerprint !== fingerprint) {
    const last = next && new Date(next.time) <= now ? [next] : [];
    return watched(fingerprint, [...awaited, ...last], watch && nextAfter(now, watch));
  }
  const due = [...awaited];
  let coming = next;
  while (coming && new Date(coming.time) <= now && due.length < MOST_AWAITED) {
    due.push(coming);
    coming = nextAfter(new Date(coming.time), watch);
  }
  return watched(fingerprint, due, coming);
}

/** Without what is awaited no longer: it has a firing, or has one now that says `missed`. */
async function checked(
  { fingerprint, awaited, next }: Watched,
  of: AwaitedOf,
  context: LedgerContext,
): Promise<Watched> {
  const [first, ...later] = awaited;
  if (!first || new Date(first.missedAt) > context.now())
    return watched(fingerprint, awaited, next);
  const firedAt = await lastFiredOf(first, of, context);
  if (!firedAt) await recordMissed(first, of, context);
  const learnt = (one: Awaited) => (firedAt ? countedFrom(firedAt, first, one) : one);
  const left = watched(fingerprint, later.map(learnt), next && learnt(next));
  return checked(left, of, context);
}

function watched(fingerprint: string, awaited: Awaited[], next: Awaited | undefined): Watched {
  return { fingerprint, awaited, ...(next && { next }) };
}

function fingerprintOf(schedule: Schedule): string {
  return createHash('sha256').update(JSON.stringify(schedule)).digest('hex').slice(0, 16);
}
