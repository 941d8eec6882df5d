import type { ListedExecution } from '../api/future-agi.ts';
import type { Scenario } from '../api/selection-plan.ts';
import type { Selection } from '../firing/firing.ts';

/** Whether an execution runs the scenarios that were asked for; `unknown`: the list, or the server, does not tell. */
export type Fit = 'yes' | 'no' | 'unknown';

/**
 * Compares by ids, else by names, else by number. Pure.
 * @param scenarios the run test's; absent when they cannot be read. "All" and exclusions depend on them.
 */
export function fitOf(
  selection: Selection,
  { scenarioIds, scenarioNames, totalScenarios }: ListedExecution,
  scenarios: readonly Scenario[] | undefined,
): Fit {
  const asked = askedFor(selection, scenarios);
  if (scenarioIds?.length) {
    if (!asked)
      return scenarioIds.some((id) => selection.scenarioIds.includes(id)) ? 'no' : 'unknown';
    return isFit(asked.symmetricDifference(new Set(scenarioIds)).size === 0);
  }
  if (!asked) return 'unknown';
  if (scenarioNames !== undefined && scenarios) {
    const names = scenarios.filter(({ id }) => asked.has(id)).map(({ name }) => name);
    return isFit(namesIn(scenarioNames) === namesIn(names.join(',')));
  }
  return totalScenarios === undefined ? 'unknown' : isFit(totalScenarios === asked.size);
}

function isFit(fits: boolean): Fit {
  return fits ? 'yes' : 'no';
}

function askedFor(
  { selectAll, scenarioIds }: Selection,
  scenarios: readonly Scenario[] | undefined,
): ReadonlySet<string> | undefined {
  const listed = new Set(scenarioIds);
  if (!selectAll && listed.size > 0) return listed;
  return scenarios && new Set(scenarios.map(({ id }) => id)).difference(listed);
}

/** A name may hold commas itself: the parts between them are compared, in any order. */
function namesIn(joined: string): string {
  const parts = joined.split(',').map((part) => part.trim());
  return parts.toSorted().join(',');
}
