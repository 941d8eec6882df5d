import { expect, test } from 'vitest';
import { overridden } from '../../../lambda/firing/override.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const BY_NAME = { selectAll: false, scenarioIds: [], scenarios: ['Beta'] };

test('ids in a delivery stand instead of the names in the trigger', () => {
  expect(overridden(BY_NAME, ['scenarioIds'], { scenarioIds: [A] })).toEqual({
    selectAll: false,
    scenarioIds: [A],
  });
});

test('no ids in a delivery do not turn a choice by name into all scenarios', () => {
  expect(overridden(BY_NAME, ['scenarioIds'], { scenarioIds: [] })).toBe(
    'scenarioIds is empty with selectAll: false, which would run every scenario',
  );
});

test.each<[string, unknown, string]>([
  ['scenario_ids', [A], 'scenario_ids is not understood: write scenarioIds'],
  ['ScenarioIDs', [A], 'ScenarioIDs is not understood: write scenarioIds'],
  ['scenario-ids', [A], 'scenario-ids is not understood: write scenarioIds'],
  ['select_all', false, 'select_all is not understood: write selectAll'],
  ['simulator_id', A, 'simulator_id is not understood: write simulatorId'],
  ['scenarios', ['Alpha'], 'scenarios is not understood: choose by id, in scenarioIds'],
])('a choice that is written as %s is refused, since the trigger’s own would run', (...row) => {
  const [name, value, reason] = row;
  expect(overridden(BY_NAME, ['scenarioIds', 'selectAll'], { [name]: value })).toBe(reason);
});

test('where nothing may be chosen, scenarios is a word like any other', () => {
  expect(overridden(BY_NAME, [], { scenarios: 12 })).toEqual(BY_NAME);
});
