import { type Mismatch, MOST_KEPT_IDS, type Selection } from './firing.ts';

/**
 * How what an execution runs differs from what was asked for; undefined when it does not, as far as the answer
 * tells: of "all" and of exclusions only the excluded ones can be told. Of long lists, the first 1,000.
 */
export function mismatchOf(
  { selectAll, scenarioIds }: Selection,
  ran: readonly string[] | undefined,
): Omit<Mismatch, 'cancel'> | undefined {
  if (!ran || scenarioIds.length === 0) return undefined;
  const asked = new Set(scenarioIds);
  const given = new Set(ran);
  const surplus = [...(selectAll ? given.intersection(asked) : given.difference(asked))];
  const missing = selectAll ? [] : [...asked.difference(given)];
  if (surplus.length + missing.length === 0) return undefined;
  return { surplus: surplus.slice(0, MOST_KEPT_IDS), missing: missing.slice(0, MOST_KEPT_IDS) };
}
