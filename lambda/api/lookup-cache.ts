import type { Casing } from './dialect.ts';
import type { ApiAccess } from './future-agi.ts';
import type { Lookup } from './lookup.ts';
import type { Scenario } from './selection-plan.ts';

/** Lives as long as a function's process; each entry is used for five minutes. */
export interface LookupCache {
  /** The casing that a server took after it had refused the other one. */
  acceptedCasing?: Casing;
  /** By name. */
  readonly runTestIds: Map<string, Known<string>>;
  /** By run test id. */
  readonly scenarios: Map<string, Known<readonly Scenario[]>>;
}

interface Known<T> {
  readonly readAt: number;
  readonly found: Lookup<T>;
}

interface Caching {
  readonly cache: LookupCache;
  readonly now: () => Date;
}

/** A change at the API is noticed this soon. */
const LOOKUP_MS = 5 * 60_000;

/** A cache belongs to one API and its key: ids of one account say nothing about another. */
export function emptyLookupCache(): LookupCache {
  return { runTestIds: new Map(), scenarios: new Map() };
}

/** The id of the run test of this name, at most five minutes old. Never rejects. */
export async function lookUpRunTest(name: string, { cache, now }: Caching, access: ApiAccess) {
  const { findRunTest } = await import('./lookup.ts');
  return cached(cache.runTestIds, name, now(), () => findRunTest(name, access));
}

/** Every scenario of a run test, at most five minutes old. Never rejects. */
export async function lookUpScenarios(
  runTestId: string,
  { cache, now }: Caching,
  access: ApiAccess,
): Promise<Lookup<readonly Scenario[]>> {
  const { findScenarios } = await import('./lookup.ts');
  return cached(cache.scenarios, runTestId, now(), () => findScenarios(runTestId, access));
}

/** What was not found is not kept. */
async function cached<T>(
  known: Map<string, Known<T>>,
  key: string,
  now: Date,
  read: () => Promise<Lookup<T>>,
): Promise<Lookup<T>> {
  const entry = known.get(key);
  const age = now.getTime() - (entry?.readAt ?? Number.NEGATIVE_INFINITY);
  if (entry && age >= 0 && age < LOOKUP_MS) return entry.found;
  const found = await read();
  if (found.kind === 'found') known.set(key, { readAt: now.getTime(), found });
  return found;
}
