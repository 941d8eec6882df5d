import * as z from 'zod/mini';
import type { OutboxContext } from '../events/outbox.ts';
import { firingSchema } from '../firing/firing.ts';
import type { SummaryEvent } from '../firing/service-event.ts';
import { STATES } from '../firing/states.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { ListedFiring } from '../ledger/ledger.ts';
import { addMs } from '../runtime/time.ts';
import { occurrences } from '../schedule/occurrences.ts';
import type { Schedule } from '../schedule/schedule.ts';

const ID = '/summary';
const memoSchema = z.object({
  id: z.string(),
  revision: z.string(),
  /** The end of the period that was told last. */
  until: z.string(),
  /** Firings that had not ended then: the next summary counts them. */
  open: z.array(z.string()),
});

type Context = Pick<OutboxContext, 'ledger' | 'publish' | 'now'>;
type Outcomes = Readonly<Record<string, number>>;
/** What a trigger's firings came to, and the cost of the runs that tell it. */
interface Came {
  readonly outcomes: Record<string, number>;
  readonly cost: Cost;
}
interface Cost {
  cents: number;
  runs: number;
}
/** What a summary reads of a firing. */
type Counted = Pick<ListedFiring, 'id' | 'state' | 'result'>;

/** An event of the bus has 256 KB, and an item of the ledger 400 KB. */
const MOST_TRIGGERS = 500;
const MOST_OPEN = 2_000;
/** What was recorded just before the end of the period is in the index by then. */
const INDEX_LAG_MS = 10_000;

/**
 * Publishes what ran since the summary before, once its time has come; after an outage, the last one only, of the whole
 * period. It is published before that is recorded: at least once, and copies have the same id. The first sweep that has
 * a summary begins the first period.
 */
export async function tellSummary(
  schedule: Schedule,
  readTriggers: () => Readonly<Record<string, Pick<Trigger, 'follow'>>>,
  { ledger, publish, now }: Context,
): Promise<void> {
  const read = await ledger.readItem(ID, memoSchema);
  if (!read) {
    await ledger.writeItem<z.infer<typeof memoSchema>>(undefined, {
      id: ID,
      until: now().toISOString(),
      open: [],
    });
    return;
  }
  const until = lastBetween(schedule, new Date(read.until), addMs(now(), -INDEX_LAG_MS));
  if (!until) return;
  const period = { from: new Date(read.until), until };
  const triggers = readTriggers();
  const byTrigger = new Map<string, Came>();
  const open: string[] = [];
  const count = (name: string, firing: Counted) => {
    const outcome = outcomeOf(firing, triggers[name]?.follow ?? true);
    if (outcome === undefined) {
      open.push(firing.id);
      return;
    }
    const { outcomes, cost } = byTrigger.get(name) ?? { outcomes: {}, cost: { cents: 0, runs: 0 } };
    byTrigger.set(name, { outcomes, cost });
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (firing.result?.costCents === undefined) return;
    cost.cents += firing.result.costCents;
    cost.runs += 1;
  };
  for (const firing of await ledger.readItems(read.open, firingSchema)) {
    count(firing.trigger, firing);
  }
  for await (const firing of ledger.newest(period.from, addMs(until, -1))) {
    if (Object.hasOwn(triggers, firing.trigger)) count(firing.trigger, firing);
  }
  await publish([summaryOf(byTrigger, period, now())]);
  await ledger.writeItem(read, {
    id: ID,
    until: until.toISOString(),
    open: open.slice(0, MOST_OPEN),
  });
}

function lastBetween(schedule: Schedule, after: Date, now: Date): Date | undefined {
  let last: Date | undefined;
  for (const time of occurrences(schedule, addMs(after, 1), after)) {
    if (time > now) return last;
    last = time;
  }
  return last;
}

/** Undefined: it has not ended. */
function outcomeOf({ state, result }: Counted, follow: boolean): string | undefined {
  if (state === 'skipped') return state;
  if (result) return result.verdict;
  const { phase } = STATES[state];
  return phase === 'final' || (phase === 'started' && !follow) ? state : undefined;
}

function summaryOf(
  byTrigger: ReadonlyMap<string, Came>,
  { from, until }: Readonly<Record<'from' | 'until', Date>>,
  now: Date,
): SummaryEvent {
  const all: Record<string, number> = {};
  const total = { cents: 0, runs: 0 };
  for (const { outcomes, cost } of byTrigger.values()) {
    total.cents += cost.cents;
    total.runs += cost.runs;
    for (const [outcome, number] of Object.entries(outcomes)) {
      all[outcome] = (all[outcome] ?? 0) + number;
    }
  }
  return {
    version: 1,
    id: `summary/${until.toISOString()}`,
    kind: 'summary',
    time: now.toISOString(),
    from: from.toISOString(),
    until: until.toISOString(),
    outcomes: all,
    ...told(total),
    triggers: [...byTrigger]
      .toSorted(([one], [other]) => one.localeCompare(other))
      .slice(0, MOST_TRIGGERS)
      .map(([trigger, { outcomes, cost }]) => ({
        trigger,
        outcomes,
        ...rateOf(outcomes),
        ...told(cost),
      })),
    repeated: false,
  };
}

function rateOf({ passed = 0, failed = 0, inconclusive = 0 }: Outcomes) {
  const judged = passed + failed + inconclusive;
  return judged > 0 ? { success_rate: Math.round((passed / judged) * 1000) / 10 } : {};
}

function told({ cents, runs }: Readonly<Cost>) {
  return runs > 0 ? { cost: { cents: Math.round(cents * 100) / 100, runs } } : {};
}
