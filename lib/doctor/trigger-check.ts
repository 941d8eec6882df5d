import type { ApiAccess } from '../../lambda/api/future-agi.ts';
import { findRunTest, findScenarios, type Lookup } from '../../lambda/api/lookup.ts';
import { planSelection, type Scenario } from '../../lambda/api/selection-plan.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';

/** What a firing of a trigger would meet at the API. Without problems, it would start. */
export interface TriggerCheck {
  readonly trigger: string;
  readonly runTestId?: string;
  readonly scenarios?: readonly Scenario[];
  /** Absent where the server does not give the rows of every scenario. */
  readonly calls?: number | undefined;
  readonly problems: readonly string[];
}

/** Looks up everything that a trigger names; starts nothing. Never rejects. */
export async function checkTrigger(
  name: string,
  { runTestId: id, runTest, execute }: Trigger,
  access: ApiAccess,
): Promise<TriggerCheck> {
  const found = id
    ? ({ kind: 'found', value: id } as const)
    : await findRunTest(runTest ?? '', access);
  if (found.kind !== 'found') return asCheck(name, found);
  const { value: runTestId } = found;
  const available = await findScenarios(runTestId, access);
  if (available.kind !== 'found') return { ...asCheck(name, available), runTestId };
  // The form in which every selection is resolved to the scenarios that run.
  const form = { dialect: 'current', casing: 'snake_case' } as const;
  const plan = planSelection(form, execute, available.value);
  if (plan.kind === 'refused') return { trigger: name, runTestId, problems: [plan.reason] };
  const { scenarioIds } = plan.selection;
  const scenarios = available.value.filter(
    (scenario) => scenarioIds.length === 0 || scenarioIds.includes(scenario.id),
  );
  return {
    trigger: name,
    runTestId,
    scenarios,
    calls: callsOf(scenarios),
    problems: gaps(scenarios),
  };
}

function asCheck(trigger: string, { kind, reason }: Exclude<Lookup<string>, { kind: 'found' }>) {
  const problem = kind === 'unavailable' ? `${reason}; try again` : reason;
  return { trigger, problems: [problem] };
}

/** How many calls they make; undefined where the server does not give the rows of every scenario. */
export function callsOf(scenarios: readonly Scenario[]): number | undefined {
  const rows = scenarios.flatMap((scenario) => scenario.rows ?? []);
  if (rows.length < scenarios.length) return undefined;
  return rows.reduce((sum, each) => sum + each, 0);
}

function gaps(scenarios: readonly Scenario[]): string[] {
  if (scenarios.length === 0) return ['The run test has no scenarios: attach one in Future AGI'];
  return scenarios
    .filter(({ rows }) => rows === 0)
    .map(
      ({ id, name }) =>
        `The scenario ${JSON.stringify(name)} (${id}) has no rows, so it would make no call: complete it in Future AGI`,
    );
}
