import { type Api, isCurrentKey } from '../api/api.ts';
import type { ApiKey } from '../api/api-key.ts';
import { type Casing, firstCasing } from '../api/dialect.ts';
import type { ApiAccess } from '../api/future-agi.ts';
import type { Lookup, NotFound } from '../api/lookup.ts';
import { needsScenarios, planSelection } from '../api/selection-plan.ts';
import type { Firing, Selection } from '../firing/firing.ts';

/** What a firing sends, or why it sends nothing (now). */
export type Preparation =
  | {
      readonly kind: 'ready';
      readonly runTestId: string;
      readonly casing: Casing;
      readonly selection: Selection;
      readonly body: object;
    }
  /** `selection`: what is asked for does not fit the run test. */
  | { readonly kind: 'refused'; readonly reason: string; readonly fault?: 'selection' }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Every name in it is resolved: sending it asks nothing more. */
export type Draft = Extract<Preparation, { kind: 'ready' }>;

/** Resolves what the firing names and plans its request; asks the API only for what the plan depends on. */
export async function prepare(
  { runTestId: id, runTest = '', execute }: Pick<Firing, 'runTestId' | 'runTest' | 'execute'>,
  api: Api,
  access: ApiAccess,
  casing = api.lookups.acceptedCasing ?? firstCasing(access.key.dialect),
): Promise<Preparation> {
  const { key } = access;
  const runTestLookup = id === undefined ? await api.lookups.runTest(runTest, access) : found(id);
  if (runTestLookup.kind !== 'found') return failed(runTestLookup, api, key);
  const runTestId = runTestLookup.value;
  const form = { dialect: key.dialect, casing };
  const available = needsScenarios(form, execute)
    ? await api.lookups.scenarios(runTestId, access)
    : undefined;
  if (available && available.kind !== 'found') return failed(available, api, key);
  const plan = planSelection(form, execute, available?.value);
  return plan.kind === 'send'
    ? { kind: 'ready', runTestId, casing, selection: plan.selection, body: plan.body }
    : { ...plan, fault: 'selection' };
}

function found(value: string): Lookup<string> {
  return { kind: 'found', value };
}

/** A rotated key is not a reason to refuse: the next try reads the new one. */
async function failed({ kind, ...failure }: NotFound, api: Api, key: ApiKey): Promise<Preparation> {
  const { reason } = failure;
  const isKeyRefused = 'status' in failure && failure.status === 401;
  if (isKeyRefused && !(await isCurrentKey(key, api))) return { kind: 'unavailable', reason };
  return { kind, reason };
}
