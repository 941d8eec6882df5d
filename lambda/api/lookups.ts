import type { Casing } from './dialect.ts';
import type { ApiAccess } from './future-agi.ts';
import type { Lookup } from './lookup.ts';
import type { Scenario } from './selection-plan.ts';

type LookUp<T> = (key: string, access: ApiAccess) => Promise<Lookup<T>>;

/** What was found at one API with one key, for as long as a function's process lives. None rejects. */
export interface Lookups {
  /** The casing that a server took after it had refused the other one. */
  acceptedCasing?: Casing;
  /** The id of the run test of this name, at most five minutes old. */
  readonly runTest: LookUp<string>;
  /** Every scenario of the run test with this id, at most five minutes old. */
  readonly scenarios: LookUp<readonly Scenario[]>;
}

/** A change at the API is noticed this soon. */
const LOOKUP_MS = 5 * 60_000;

/** Nothing is found yet: ids of one account say nothing about another. */
export function newLookups(now: () => Date): Lookups {
  return {
    runTest: remembered(async (name, access) => (await load()).findRunTest(name, access), now),
    scenarios: remembered(async (id, access) => (await load()).findScenarios(id, access), now),
  };
}

/** A chunk of its own: most starts look nothing up. */
function load() {
  return import('./lookup.ts');
}

/** What was not found is not kept. */
function remembered<T>(lookUp: LookUp<T>, now: () => Date): LookUp<T> {
  const known = new Map<string, { readonly readAt: number; readonly found: Lookup<T> }>();
  return async (key, access) => {
    const readAt = now().getTime();
    const entry = known.get(key);
    const age = readAt - (entry?.readAt ?? Number.NEGATIVE_INFINITY);
    if (entry && age >= 0 && age < LOOKUP_MS) return entry.found;
    const found = await lookUp(key, access);
    if (found.kind === 'found') known.set(key, { readAt, found });
    return found;
  };
}
