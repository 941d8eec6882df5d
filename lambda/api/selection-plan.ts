import type { Selection } from '../firing/firing.ts';
import { isEmptySelection } from '../firing/selection.ts';
import type { ExecuteRequest } from '../firing/trigger.ts';
import { firstOf } from '../runtime/first-of.ts';
import { snakeCased } from '../runtime/snake-cased.ts';
import { type Casing, type Dialect, honoursSelectAll } from './dialect.ts';
import { didYouMean } from './did-you-mean.ts';

/** A scenario of a run test, as the API lists it. */
export interface Scenario {
  readonly id: string;
  readonly name: string;
  /** Calls that it makes; absent where the server does not tell. */
  readonly rows?: number;
}

/** How a server is spoken to at this moment. */
export interface Form {
  readonly dialect: Dialect;
  readonly casing: Casing;
}

/** A refused one is never sent: it would run other scenarios than the trigger says. */
export type SelectionPlan =
  | { readonly kind: 'send'; readonly selection: Selection; readonly body: object }
  | { readonly kind: 'refused'; readonly reason: string };

/** Whether the plan depends on which scenarios the run test has. */
export function needsScenarios(form: Form, { scenarioIds, scenarios = [] }: ExecuteRequest) {
  if (scenarios.length > 0) return true;
  return scenarioIds.length > 0 && !honoursSelectAll(form.dialect, form.casing);
}

/**
 * Plans the body of an execute request, so that no server runs a scenario that was not asked for: an empty list,
 * which means all of them to every server, is sent only for `selectAll` without exceptions. Pure.
 * @param available the run test's scenarios, where `needsScenarios` says so.
 */
export function planSelection(
  form: Form,
  execute: ExecuteRequest,
  available?: readonly Scenario[],
): SelectionPlan {
  const { selectAll, scenarioIds, scenarios: names = [] } = execute;
  if (isEmptySelection(execute)) return refused(NO_SELECTION);
  if (scenarioIds.length === 0 && names.length === 0) {
    return send(form, execute, { selectAll, scenarioIds: [] });
  }
  const ids = scenarioIds.map((id) => id.toLowerCase());
  if (!needsScenarios(form, execute)) {
    return send(form, execute, { selectAll, scenarioIds: unique(ids) });
  }
  if (!available) return refused('The run test’s scenarios are not known');
  const faults = [...unknownIds(ids, available), ...unusableNames(names, available)];
  if (faults.length > 0) return refused(faults.join('; '));
  const named = available.filter(({ name }) => names.includes(name)).map(({ id }) => id);
  const listed = unique([...ids, ...named]);
  const excluded = new Set(selectAll ? listed : []);
  const included = selectAll ? unique(available.map(({ id }) => id)) : listed;
  const rest = included.filter((id) => !excluded.has(id));
  if (rest.length === 0) return refused(NO_REMAINDER);
  return honoursSelectAll(form.dialect, form.casing)
    ? send(form, execute, { selectAll, scenarioIds: listed })
    : send(form, execute, { selectAll: false, scenarioIds: rest });
}

const NO_SELECTION =
  'selectAll is false and no scenario is named, for which the API would run all of them: name the scenarios, or write selectAll: true';
const NO_REMAINDER =
  'Every scenario of the run test is excluded, and the API would run all of them for an empty list: exclude fewer';

function unknownIds(ids: readonly string[], available: readonly Scenario[]): string[] {
  const unknown = ids.filter((id) => available.every((scenario) => scenario.id !== id));
  return unknown.map((id) => `The run test has no scenario ${id}; it has ${listOf(available)}`);
}

function unusableNames(names: readonly string[], available: readonly Scenario[]): string[] {
  return names.flatMap((name) => {
    const found = available.filter((scenario) => scenario.name === name);
    if (found.length === 1) return [];
    return found.length === 0
      ? `The run test has no scenario "${name}"${nearTo(name, available)} has ${listOf(available)}`
      : `Several scenarios are called "${name}": ${listOf(found)}; name one by its id`;
  });
}

function nearTo(name: string, available: readonly Scenario[]): string {
  const near = didYouMean(
    name,
    available.map((scenario) => scenario.name),
  );
  return near === '' ? '; it' : `${near} It`;
}

/** As many candidates as a person reads. */
const MOST_CANDIDATES = 10;

function listOf(scenarios: readonly Scenario[]): string {
  const shown = scenarios.map(({ id, name }) => `${JSON.stringify(name)} (${id})`);
  return firstOf(shown, MOST_CANDIDATES).join(', ') || 'none';
}

function send(form: Form, { simulatorId }: ExecuteRequest, selection: Selection): SelectionPlan {
  const { selectAll, scenarioIds } = selection;
  const camelCase = { selectAll, scenarioIds, ...(simulatorId && { simulatorId }) };
  const body = {
    ...(form.casing !== 'snake_case' && camelCase),
    ...(form.casing !== 'camelCase' && Object(snakeCased(camelCase))),
  };
  return { kind: 'send', selection, body };
}

function refused(reason: string): SelectionPlan {
  return { kind: 'refused', reason };
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
