import { STATES } from '../../lambda/firing/states.ts';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';

/** What became of a trigger's firings, which are given newest first. Pure. */
export function statsOf(trigger: string, firings: readonly ListedFiring[]) {
  const ran = firings.filter(({ state }) => !STATES[state].hasNotRun);
  const notStarted = firings.filter(({ state }) => STATES[state].hasNotRun);
  const results = ran.flatMap(({ result }) => result ?? []);
  const verdicts = { passed: 0, failed: 0, inconclusive: 0 };
  for (const { verdict } of results) verdicts[verdict] += 1;
  const judged = verdicts.passed + verdicts.failed;
  const durations = present(results.map((result) => result.durationSeconds));
  const middle = durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)];
  const costs = present(results.map((result) => result.costCents));
  return {
    trigger,
    /** That have started an execution, or may have. */
    runs: ran.length,
    verdicts,
    notStarted: countBy(notStarted.map(({ state }) => state)),
    /** Of the runs with a verdict, 0 to 100. */
    ...(judged > 0 && { passRate: Math.round((verdicts.passed / judged) * 1000) / 10 }),
    /** Of the runs that tell one, 0 to 100, oldest first. */
    successRates: present(results.map((result) => result.successRate)).toReversed(),
    ...(middle !== undefined && { durationSeconds: middle }),
    /** Of the runs of which the API told it. */
    ...(costs.length > 0 && {
      cost: { cents: costs.reduce((sum, cost) => sum + cost, 0), runs: costs.length },
    }),
  };
}

export type TriggerStats = ReturnType<typeof statsOf>;

function present(numbers: readonly (number | undefined)[]): number[] {
  return numbers.filter((number) => number !== undefined);
}

function countBy(words: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(words, (word) => word);
  return Object.fromEntries([...groups].map(([word, all]) => [word, all.length]));
}
