import { STATES } from '../../lambda/firing/states.ts';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';

/** Counts what became of a trigger's firings, which come newest first. It keeps two numbers of each run at most. */
export function triggerStats(trigger: string) {
  const verdicts = { passed: 0, failed: 0, inconclusive: 0 };
  const notStarted: Record<string, number> = {};
  const successRates: number[] = [];
  const durations: number[] = [];
  const cost = { cents: 0, runs: 0 };
  let runs = 0;
  return {
    add({ state, result }: Pick<ListedFiring, 'state' | 'result'>) {
      if (STATES[state].hasNotRun) {
        notStarted[state] = (notStarted[state] ?? 0) + 1;
        return;
      }
      runs += 1;
      if (!result) return;
      const { verdict, successRate, durationSeconds, costCents } = result;
      verdicts[verdict] += 1;
      if (successRate !== undefined) successRates.push(successRate);
      if (durationSeconds !== undefined) durations.push(durationSeconds);
      if (costCents === undefined) return;
      cost.cents += costCents;
      cost.runs += 1;
    },
    stats() {
      const judged = verdicts.passed + verdicts.failed;
      const middle = durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)];
      return {
        trigger,
        /** That have started an execution, or may have. */
        runs,
        verdicts,
        notStarted,
        /** Of the runs with a verdict, 0 to 100. */
        ...(judged > 0 && { passRate: Math.round((verdicts.passed / judged) * 1000) / 10 }),
        /** Of the runs that tell one, 0 to 100, oldest first. */
        successRates: successRates.toReversed(),
        ...(middle !== undefined && { durationSeconds: middle }),
        /** Of the runs of which the API told it. */
        ...(cost.runs > 0 && { cost }),
      };
    },
  };
}

/** Rates are percentages; what no run tells is absent. `durationSeconds` is the median, `cost` is in cents. */
export type TriggerStats = ReturnType<ReturnType<typeof triggerStats>['stats']>;

/** What became of the firings of each of these triggers, which come newest first. */
export async function statsOf(
  triggers: readonly string[],
  firings: AsyncIterable<ListedFiring>,
): Promise<TriggerStats[]> {
  const counts = new Map(triggers.map((trigger) => [trigger, triggerStats(trigger)]));
  for await (const firing of firings) counts.get(firing.trigger)?.add(firing);
  return [...counts.values()].map((count) => count.stats());
}
