import { expect, test } from 'vitest';
import { type Form, planSelection } from '../../../lambda/api/selection-plan.ts';
import type { ExecuteRequest } from '../../../lambda/firing/trigger.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const C = 'cccccccc-0000-4000-8000-000000000003';
const SCENARIOS = [
  { id: A, name: 'Alpha' },
  { id: B, name: 'Beta' },
  { id: C, name: 'Twin' },
  { id: A.replace('1', '4'), name: 'Twin' },
];
const THREE = SCENARIOS.slice(0, 3);
const DOCUMENTED: Form = { dialect: 'documented', casing: 'camelCase' };
const RESPELT: Form = { dialect: 'documented', casing: 'snake_case' };
const CURRENT: Form = { dialect: 'current', casing: 'snake_case' };
const KEY_PAIR: Form = { dialect: 'key-pair', casing: 'both' };

test.each<[string, Form, ExecuteRequest, object]>([
  ['all', DOCUMENTED, { selectAll: true, scenarioIds: [] }, { selectAll: true, scenarioIds: [] }],
  ['all', CURRENT, { selectAll: true, scenarioIds: [] }, { select_all: true, scenario_ids: [] }],
  [
    'an exclusion',
    DOCUMENTED,
    { selectAll: true, scenarioIds: [B] },
    { selectAll: true, scenarioIds: [B] },
  ],
  [
    'an exclusion',
    CURRENT,
    { selectAll: true, scenarioIds: [B] },
    { select_all: false, scenario_ids: [A, C] },
  ],
  [
    'an exclusion, the other casing being known',
    RESPELT,
    { selectAll: true, scenarioIds: [B] },
    { select_all: false, scenario_ids: [A, C] },
  ],
  [
    'ids twice and in capitals',
    CURRENT,
    { selectAll: false, scenarioIds: [A, A.toUpperCase()] },
    { select_all: false, scenario_ids: [A] },
  ],
  [
    'an excluded name',
    DOCUMENTED,
    { selectAll: true, scenarioIds: [], scenarios: ['Beta'] },
    { selectAll: true, scenarioIds: [B] },
  ],
  [
    'a simulator',
    KEY_PAIR,
    { selectAll: true, scenarioIds: [], simulatorId: C },
    {
      selectAll: true,
      scenarioIds: [],
      simulatorId: C,
      select_all: true,
      scenario_ids: [],
      simulator_id: C,
    },
  ],
])('%s in the form %o', (_name, form, execute, body) => {
  expect(planSelection(form, execute, THREE)).toMatchObject({ kind: 'send', body });
});

const HAS = `it has "Alpha" (${A}), "Beta" (${B}), "Twin" (${C})`;

test.each([
  [
    'nothing',
    DOCUMENTED,
    { selectAll: false, scenarioIds: [] },
    THREE,
    'selectAll is false and no scenario is named, for which the API would run all of them: name the scenarios, or write selectAll: true',
  ],
  [
    'an exclusion of everything',
    CURRENT,
    { selectAll: true, scenarioIds: [A, B, C] },
    THREE,
    'Every scenario of the run test is excluded, and the API would run all of them for an empty list: exclude fewer',
  ],
  [
    'an exclusion from an empty run test',
    CURRENT,
    { selectAll: true, scenarioIds: [A] },
    [],
    `The run test has no scenario ${A}; it has none`,
  ],
  [
    'an unknown id to run',
    CURRENT,
    { selectAll: false, scenarioIds: ['x'] },
    THREE,
    `The run test has no scenario x; ${HAS}`,
  ],
  [
    'an unknown id to leave out',
    KEY_PAIR,
    { selectAll: true, scenarioIds: ['x'] },
    THREE,
    `The run test has no scenario x; ${HAS}`,
  ],
  [
    'an unknown name',
    DOCUMENTED,
    { selectAll: false, scenarioIds: [], scenarios: ['Bета'] },
    THREE,
    `The run test has no scenario "Bета"; ${HAS}`,
  ],
  [
    'a slip of the pen',
    DOCUMENTED,
    { selectAll: false, scenarioIds: [], scenarios: ['alpha'] },
    THREE,
    `The run test has no scenario "alpha" - did you mean "Alpha"? It has "Alpha" (${A}), "Beta" (${B}), "Twin" (${C})`,
  ],
  [
    'a name of two',
    DOCUMENTED,
    { selectAll: false, scenarioIds: [], scenarios: ['Twin'] },
    SCENARIOS,
    `Several scenarios are called "Twin": "Twin" (${C}), "Twin" (${A.replace('1', '4')}); name one by its id`,
  ],
  [
    'a list that is not known',
    CURRENT,
    { selectAll: false, scenarioIds: [A] },
    undefined,
    'The run test’s scenarios are not known',
  ],
])('%s is refused', (_name, form, execute, available, reason) => {
  expect(planSelection(form, execute, available)).toEqual({ kind: 'refused', reason });
});
