import type { Casing } from './dialect.ts';
import type { Lookup } from './lookup.ts';
import type { Scenario } from './selection-plan.ts';

/** What a function remembers of the API while it lives. */
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

/** A change at the API is noticed this soon. */
const LOOKUP_MS = 5 * 60_000;

export function emptyLookupCache(): LookupCache {
  return { runTestIds: new Map(), scenarios: new Map() };
}

/** What `read` finds, or found a short while ago. What it did not find is not remembered. */
export async function cached<T>(
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
