import * as z from 'zod/mini';
import type { OutboxContext } from '../events/outbox.ts';
import { firingSchema } from '../firing/firing.ts';
import type { SummaryEvent } from '../firing/service-event.ts';
import type { ListedFiring } from '../ledger/ledger.ts';
import { addMs } from '../runtime/time.ts';
import { occurrences } from '../schedule/occurrences.ts';
import type { Schedule } from '../schedule/schedule.ts';
import {
  type Came,
  cameSchema,
  count,
  type Followed,
  firstByName,
  nothing,
  type Tally,
} from './tally.ts';

const ID = '/summary';
const memoSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** The end of the period that was told last. */
  until: z.string(),
  /** Firings that had not ended then: the next summary counts them. */
  open: z.array(z.string()),
  /** What earlier sweeps have counted of the next one, from its end on. */
  counted: z.optional(
    z.object({
      until: z.string(),
      /** What was recorded later is counted. */
      to: z.string(),
      all: cameSchema,
      triggers: z.record(z.string(), cameSchema),
      open: z.array(z.string()),
    }),
  ),
});

type Context = Pick<OutboxContext, 'ledger' | 'publish' | 'now'>;
type Memo = z.infer<typeof memoSchema>;
type Triggers = Readonly<Record<string, Followed>>;

/** An item of the ledger has 400 KB. */
const MOST_OPEN = 2_000;
/** What was recorded just before the end of the period is in the index by then. */
const INDEX_LAG_MS = 10_000;
/** So long a sweep counts: some hundred thousand firings. The next one goes on. */
const COUNTING_MS = 20_000;
/** Kept back from the sweep's time to read, publish and write, and to call the heartbeat. */
const RESERVE_MS = 15_000;

/**
 * Publishes what ran since the summary before, once its time has come; after an outage, the last one only, of the whole
 * period. It is published before that is recorded: at least once, and copies have the same id. The first sweep that has
 * a summary begins the first period. Very many firings are counted by several sweeps, each as long as its time allows.
 * @param killedAt when the function's time is up.
 */
export async function tellSummary(
  schedule: Schedule,
  readTriggers: () => Triggers,
  { ledger, publish, now }: Context,
  killedAt: Date,
): Promise<void> {
  const times = [addMs(killedAt, -RESERVE_MS), addMs(now(), COUNTING_MS)];
  const end = new Date(Math.min(...times.map(Number)));
  if (now() > end) return;
  const read = await ledger.readItem(ID, memoSchema);
  if (!read) {
    await ledger.writeItem<Memo>(undefined, { id: ID, until: now().toISOString(), open: [] });
    return;
  }
  const { counted } = read;
  const until = counted
    ? new Date(counted.until)
    : lastBetween(schedule, new Date(read.until), addMs(now(), -INDEX_LAG_MS));
  if (!until) return;
  const triggers = readTriggers();
  const tally: Tally = {
    all: counted?.all ?? nothing(),
    triggers: new Map(Object.entries(counted?.triggers ?? {})),
    open: counted?.open ?? [],
  };
  const period = { from: new Date(read.until), until };
  const to = counted ? new Date(counted.to) : addMs(until, -1);
  if (!counted) {
    for (const firing of await ledger.readItems(read.open, firingSchema)) {
      count(firing, triggers[firing.trigger], tally);
    }
  }
  const rest = await countUntil(end, ledger.newest(period.from, to), {
    triggers,
    tally,
    now,
  });
  const open = tally.open.slice(0, MOST_OPEN);
  if (rest !== undefined) {
    await ledger.writeItem<Memo>(read, {
      id: ID,
      until: read.until,
      // Those of before are counted, or open still and among `counted.open`: both lists would not fit into the item.
      open: [],
      counted: {
        until: until.toISOString(),
        to: rest,
        all: tally.all,
        triggers: Object.fromEntries(firstByName(tally)),
        open,
      },
    });
    return;
  }
  await publish([summaryOf(tally, period, now())]);
  await ledger.writeItem<Memo>(read, { id: ID, until: until.toISOString(), open });
}

/** Counts these firings, newest first. @returns when the first was recorded for which there was no time. */
async function countUntil(
  end: Date,
  firings: AsyncIterable<ListedFiring>,
  { triggers, tally, now }: { triggers: Triggers; tally: Tally; now: () => Date },
): Promise<string | undefined> {
  let moment: string | undefined;
  for await (const firing of firings) {
    const { recordedAt, trigger } = firing;
    // Those of one moment come in any order.
    if (recordedAt !== moment && now() > end) return recordedAt;
    moment = recordedAt;
    if (Object.hasOwn(triggers, trigger)) count(firing, triggers[trigger], tally);
  }
  return undefined;
}

function lastBetween(schedule: Schedule, after: Date, now: Date): Date | undefined {
  let last: Date | undefined;
  for (const time of occurrences(schedule, addMs(after, 1), after)) {
    if (time > now) return last;
    last = time;
  }
  return last;
}

function summaryOf(
  tally: Tally,
  { from, until }: Readonly<Record<'from' | 'until', Date>>,
  now: Date,
): SummaryEvent {
  const { outcomes, cost } = tally.all;
  return {
    version: 1,
    id: `summary/${until.toISOString()}`,
    kind: 'summary',
    time: now.toISOString(),
    from: from.toISOString(),
    until: until.toISOString(),
    outcomes,
    ...costTold(cost),
    triggers: firstByName(tally).map(([trigger, own]) => ({
      trigger,
      outcomes: own.outcomes,
      ...rateOf(own.outcomes),
      ...costTold(own.cost),
    })),
    repeated: false,
  };
}

function rateOf({ passed = 0, failed = 0, inconclusive = 0 }: Came['outcomes']) {
  const judged = passed + failed + inconclusive;
  return judged > 0 ? { success_rate: Math.round((passed / judged) * 1000) / 10 } : {};
}

function costTold({ cents, runs }: Came['cost']) {
  return runs > 0 ? { cost: { cents: Math.round(cents * 100) / 100, runs } } : {};
}
