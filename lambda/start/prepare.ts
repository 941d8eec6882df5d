import { type ApiKey, isCurrentKey } from '../api/api-key.ts';
import { type Casing, firstCasing } from '../api/dialect.ts';
import type { ApiAccess } from '../api/future-agi.ts';
import type { Lookup } from '../api/lookup.ts';
import { cached } from '../api/lookup-cache.ts';
import { needsScenarios, planSelection, type Scenario } from '../api/selection-plan.ts';
import type { Core } from '../core.ts';
import type { Firing, Selection } from '../firing/firing.ts';
import { timeLeft } from '../runtime/limits.ts';

/** What a firing sends, or why it sends nothing (now). */
export type Preparation =
  | {
      readonly kind: 'ready';
      readonly runTestId: string;
      readonly casing: Casing;
      readonly selection: Selection;
      readonly body: object;
    }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Resolves what the firing names and plans its request; asks the API only for what the plan depends on. */
export async function prepare(
  { runTestId: id, runTest, execute }: Firing,
  core: Core,
  key: ApiKey,
  until: Date,
  casing = core.memory.acceptedCasing ?? firstCasing(key.dialect),
): Promise<Preparation> {
  const access = accessOf(core, key, until);
  const runTestId = id ?? (await lookUpRunTest(runTest ?? '', core, access));
  if (typeof runTestId !== 'string') return failed(runTestId, core, key);
  const form = { dialect: key.dialect, casing };
  const available = needsScenarios(form, execute)
    ? await lookUpScenarios(runTestId, core, access)
    : undefined;
  if (available && available.kind !== 'found') return failed(available, core, key);
  const plan = planSelection(form, execute, available?.value);
  return plan.kind === 'send'
    ? { kind: 'ready', runTestId, casing, selection: plan.selection, body: plan.body }
    : plan;
}

/** The API within what is left of the caller's time. */
export function accessOf(core: Core, key: ApiKey, until: Date): ApiAccess {
  const { connectMs, pageMs } = core.limits;
  const limits = () => ({ connectMs, totalMs: Math.min(pageMs, timeLeft(core, until)) });
  return { baseUrl: core.apiBaseUrl, key, limits };
}

type Failure = Exclude<Lookup<unknown>, { kind: 'found' }>;

async function lookUpRunTest(
  name: string,
  { memory, now }: Core,
  access: ApiAccess,
): Promise<string | Failure> {
  const { findRunTest } = await import('../api/lookup.ts');
  const found = await cached(memory.runTestIds, name, now(), () => findRunTest(name, access));
  return found.kind === 'found' ? found.value : found;
}

/** Every scenario of a run test, or those of a short while ago. */
export async function lookUpScenarios(
  runTestId: string,
  { memory, now }: Core,
  access: ApiAccess,
): Promise<Lookup<readonly Scenario[]>> {
  const { findScenarios } = await import('../api/lookup.ts');
  return cached(memory.scenarios, runTestId, now(), () => findScenarios(runTestId, access));
}

/** A key that was rotated is no reason to refuse: the next try reads the new one. */
async function failed(failure: Failure, core: Core, key: ApiKey): Promise<Preparation> {
  if (failure.kind === 'refused' && failure.status === 401) {
    if (!(await isCurrentKey(key, core))) {
      return { kind: 'unavailable', reason: failure.reason };
    }
  }
  return { kind: failure.kind, reason: failure.reason };
}
