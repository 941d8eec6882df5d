import type { Expectation } from '../firing/policy.ts';
import { type Counts, type Measured, type Run, summed } from './run.ts';
import type { Scores } from './statistics.ts';

/** Of one run, or of several added up. */
export type Totals = Pick<Counts, 'completed' | 'of' | 'evaluations'>;

/**
 * A run and earlier ones together, each with the scenarios that both have, where the scenarios of all are known; else
 * with everything. `added`: names of the scenarios that only the run has.
 */
export function withSameScenarios(
  now: Counts,
  pool: readonly Run[],
): { readonly mine: Totals; readonly theirs: Totals; readonly added: readonly string[] } {
  const known = pool.flatMap(({ scenarios }) => (scenarios ? [scenarios] : []));
  if (!now.scenarios || known.length < pool.length) {
    return { mine: now, theirs: total(pool), added: [] };
  }
  const [ours, earlier] = [now.scenarios, known.flat()];
  const [ourIds, earlierIds] = [ours, earlier].map(
    (scenarios) => new Set(scenarios.map(({ id }) => id)),
  );
  const added = ours.filter(({ id }) => !earlierIds?.has(id));
  return {
    mine: total(ours.filter(({ id }) => earlierIds?.has(id))),
    theirs: total(earlier.filter(({ id }) => ourIds?.has(id))),
    added: added.map(({ name }) => name),
  };
}

function total(parts: readonly Totals[]): Totals {
  return {
    completed: parts.reduce((sum, { completed }) => sum + completed, 0),
    of: parts.reduce((sum, { of }) => sum + of, 0),
    evaluations: summed(parts.map(({ evaluations }) => evaluations)),
  };
}

/** The same evaluation now and in earlier runs, each with at least one score. */
export interface Pair {
  readonly name: string;
  readonly now: Scores;
  readonly before: Scores;
}

/** The evaluations that both have, and the names of those that only one has; without those to be ignored. */
export function paired(
  mine: readonly Measured[],
  theirs: readonly Measured[],
  { ignoreEvaluations = [] }: Expectation,
): { readonly pairs: Pair[]; readonly added: string[]; readonly gone: string[] } {
  const [now, before] = [byName(mine), byName(theirs)];
  const wanted = [...new Set([...now.keys(), ...before.keys()])].filter(
    (name) => !ignoreEvaluations.includes(name),
  );
  return {
    pairs: wanted.flatMap((name) => {
      const [ours, earlier] = [now.get(name), before.get(name)];
      return ours && earlier ? [{ name, now: ours, before: earlier }] : [];
    }),
    added: wanted.filter((name) => !before.has(name)),
    gone: wanted.filter((name) => !now.has(name)),
  };
}

function byName(measured: readonly Measured[]): ReadonlyMap<string, Scores> {
  return new Map(measured.map(({ name, scores }) => [name, scores]));
}
