import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import type { ConfigFiles } from '../config/config-files.ts';
import { fingerprintOf, partOf } from '../config/parts.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { Ledger, LedgerContext, MemoItem } from '../ledger/ledger.ts';
import { addMinutes } from '../runtime/time.ts';
import {
  type Awaited,
  type AwaitedOf,
  awaitedSchema,
  countedFrom,
  lastFiredOf,
  type NextTime,
  nextAfter,
  recordMissed,
  rememberedNextTime,
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

type WatchedTriggers = Readonly<Record<string, Readonly<Record<string, Watched>>>>;

const partSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** By trigger and schedule. */
  triggers: z.record(z.string(), z.record(z.string(), watchedSchema)),
});

const partId = (part: string) => `/schedules/${part}`;

const INDEX = '/schedules/index';
const indexSchema = z.object({
  id: z.string(),
  revision: z.string(),
  parts: z.record(
    z.string(),
    z.object({
      /** Of the triggers that the part was written for. */
      fingerprint: z.string(),
      /** Before this moment nothing of the part changes; absent: it has nothing to await. */
      lookAt: z.optional(z.string()),
    }),
  ),
});
type PartEntry = z.infer<typeof indexSchema>['parts'][string];

/**
 * Records a firing in the state `missed` for each occurrence of an enabled schedule that has no firing: something
 * between EventBridge Scheduler and the ledger is broken, and nothing else would say so. The sweep publishes it like any
 * other. A schedule is watched from the first sweep that sees it. After an outage of the sweep every occurrence is
 * checked; of a schedule that was edited meanwhile, only the first. One item is read when nothing is due, whatever the
 * number of schedules. A part is written before its entry in the index, so the index never promises more rest than there is.
 */
export async function watchSchedules(
  files: Pick<ConfigFiles, 'index' | 'part'>,
  context: LedgerContext,
): Promise<void> {
  const at = context.now();
  const index = await context.ledger.readItem(INDEX, indexSchema);
  const { parts } = files.index;
  const names = new Set([...Object.keys(index?.parts ?? {}), ...Object.keys(parts)]);
  const toLook = [...names].filter((part) => isToLook(index?.parts[part], parts[part], at));
  if (toLook.length === 0) return;
  const nextTime = rememberedNextTime();
  const known = new Map(Object.entries(index?.parts ?? {}));
  await Promise.all(
    toLook.map(async (name) => {
      const { triggers } = files.part(name);
      const watched = await watchPart(name, triggers, { ...context, at, nextTime });
      if (!watched) return;
      const fingerprint = parts[name];
      if (fingerprint) known.set(name, entryOf(watched, fingerprint));
      else known.delete(name);
    }),
  );
  if (await context.ledger.writeItem(index, { id: INDEX, parts: Object.fromEntries(known) }))
    return;
  // Another sweep has written in between, perhaps of another deployment: its entries may promise too much.
  await lookAgain(toLook, context.ledger);
}

function isToLook(entry: PartEntry | undefined, fingerprint: string | undefined, at: Date) {
  if (entry?.fingerprint !== fingerprint) return true;
  return entry?.lookAt !== undefined && new Date(entry.lookAt) <= at;
}

function entryOf(triggers: WatchedTriggers, fingerprint: string): PartEntry {
  const times = Object.values(triggers)
    .flatMap((schedules) => Object.values(schedules))
    .flatMap(({ next, awaited: [first] }) => [next?.time ?? [], first?.missedAt ?? []].flat());
  const [lookAt] = times.toSorted();
  return { fingerprint, ...(lookAt !== undefined && { lookAt }) };
}

interface WatchContext extends LedgerContext {
  /** When this watch began. */
  readonly at: Date;
  readonly nextTime: NextTime;
}

/** What is watched of a part from now on; undefined when another has written it in between. */
async function watchPart(
  name: string,
  triggers: Readonly<Record<string, Trigger>>,
  context: WatchContext,
): Promise<WatchedTriggers | undefined> {
  const { ledger } = context;
  const id = partId(name);
  const read = await ledger.readItem(id, partSchema);
  const entries = await Promise.all(
    Object.entries(triggers).map(async ([trigger, entry]) => {
      const known = read?.triggers[trigger] ?? {};
      return [trigger, await watchTrigger(trigger, entry, known, context)] as const;
    }),
  );
  const watched = Object.fromEntries(
    entries.filter(([, schedules]) => Object.keys(schedules).length > 0),
  );
  if (isDeepStrictEqual(read?.triggers ?? {}, watched)) return watched;
  return (await ledger.writeItem(read, { id, triggers: watched })) ? watched : undefined;
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
  const id = partId(partOf(name));
  await written(id, partSchema, ledger, (read) => {
    const known = read?.triggers[name]?.[schedule] ?? { fingerprint: '', awaited: [] };
    const awaited = [lost, ...known.awaited];
    const schedules = { ...read?.triggers[name], [schedule]: { ...known, awaited } };
    return { id, triggers: { ...read?.triggers, [name]: schedules } };
  });
  await lookAgain([partOf(name)], ledger);
  return due;
}

/** The fingerprint of no part. */
const LOOK_AGAIN = '';

/** Has the next sweep look at these parts, whatever is due. */
function lookAgain(parts: readonly string[], ledger: Ledger): Promise<void> {
  const entries = Object.fromEntries(parts.map((part) => [part, { fingerprint: LOOK_AGAIN }]));
  return written(INDEX, indexSchema, ledger, (read) => ({
    id: INDEX,
    parts: { ...read?.parts, ...entries },
  }));
}

async function written<T extends MemoItem>(
  id: string,
  schema: z.ZodMiniType<T>,
  ledger: Ledger,
  next: (read: T | undefined) => Omit<T, 'revision'>,
): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const read = await ledger.readItem(id, schema);
    if (await ledger.writeItem(read, next(read))) return;
  }
  throw new Error('Others write the watched schedules at this moment: try again');
}

async function watchTrigger(
  name: string,
  trigger: Trigger,
  known: Readonly<Record<string, Watched>>,
  context: WatchContext,
): Promise<Record<string, Watched>> {
  const { schedules, missedAfterMinutes } = trigger;
  const enabled = schedules.filter((schedule) => schedule.enabled);
  const names = new Set([...Object.keys(known), ...enabled.map((schedule) => schedule.name)]);
  const entries = [...names].map(async (schedule) => {
    const found = enabled.find((one) => one.name === schedule);
    const watch = found && { schedule: found, missedAfterMinutes };
    const due = withDue(known[schedule], watch, context);
    return [schedule, await checked(due, { name, trigger, schedule }, context)] as const;
  });
  const all = await Promise.all(entries);
  return Object.fromEntries(all.filter(([, { next, awaited }]) => next || awaited.length > 0));
}

/** So many of a schedule are awaited at once; those after them follow in later sweeps. */
const MOST_AWAITED = 20;

/** With what has become due since the sweep before. */
function withDue(
  known: Watched | undefined,
  watch: Watch | undefined,
  { at, nextTime }: WatchContext,
): Watched {
  const { awaited = [], next } = known ?? {};
  const fingerprint = watch ? fingerprintOf(watch.schedule) : '';
  if (!watch || known?.fingerprint !== fingerprint) {
    const last = next && new Date(next.time) <= at ? [next] : [];
    return watched(fingerprint, [...awaited, ...last], watch && nextAfter(at, watch, nextTime));
  }
  const due = [...awaited];
  let coming = next;
  while (coming && new Date(coming.time) <= at && due.length < MOST_AWAITED) {
    due.push(coming);
    coming = nextAfter(new Date(coming.time), watch, nextTime);
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
