import * as z from 'zod/mini';
import { STATES } from '../firing/states.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { ListedFiring } from '../ledger/ledger.ts';

/** What a trigger's firings came to, or those of all triggers. */
export const cameSchema = z.object({
  outcomes: z.record(z.string(), z.number()),
  /** Of the runs that tell it. */
  cost: z.object({ cents: z.number(), runs: z.number() }),
});
/** What came of a trigger's runs in a period, in counts. */
export type Came = z.infer<typeof cameSchema>;
/** What a summary reads of a trigger and of a firing. */
export type Followed = Pick<Trigger, 'follow'>;
type Counted = Pick<ListedFiring, 'id' | 'trigger' | 'state' | 'result'>;
/** What is counted so far. */
export interface Tally {
  readonly all: Came;
  readonly triggers: Map<string, Came>;
  readonly open: string[];
}

/** An event of the bus has 256 KB. */
const MOST_TRIGGERS = 500;

/** Counts a firing, or notes that it has not ended. */
export function count(firing: Counted, trigger: Followed | undefined, tally: Tally): void {
  const outcome = outcomeOf(firing, trigger?.follow ?? true);
  if (outcome === undefined) {
    tally.open.push(firing.id);
    return;
  }
  const own = tally.triggers.get(firing.trigger) ?? nothing();
  tally.triggers.set(firing.trigger, own);
  const { costCents } = firing.result ?? {};
  for (const { outcomes, cost } of [own, tally.all]) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (costCents === undefined) continue;
    cost.cents += costCents;
    cost.runs += 1;
  }
}

/** Of no firing yet. */
export function nothing(): Came {
  return { outcomes: {}, cost: { cents: 0, runs: 0 } };
}

/** Those that are told: a name that comes later is never among them once so many are known. */
export function firstByName({ triggers }: Tally): [string, Came][] {
  return [...triggers]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .slice(0, MOST_TRIGGERS);
}

/** Undefined: it has not ended. */
function outcomeOf({ state, result }: Counted, follow: boolean): string | undefined {
  if (state === 'skipped') return state;
  if (result) return result.verdict;
  const { phase } = STATES[state];
  return phase === 'final' || (phase === 'started' && !follow) ? state : undefined;
}
