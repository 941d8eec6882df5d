import { expect, test } from 'vitest';
import { otherCasing } from '../../../lambda/api/dialect.ts';

test.each([
  ['camelCase', ['selectAll', 'scenarioIds'], 'snake_case'],
  ['camelCase', ['scenarioIds'], 'snake_case'],
  ['snake_case', ['select_all', 'scenario_ids', 'simulator_id'], 'camelCase'],
  ['both', ['selectAll', 'scenarioIds'], 'snake_case'],
  ['both', ['select_all', 'scenario_ids'], 'camelCase'],
  ['both', ['selectAll', 'scenario_ids'], undefined],
  ['camelCase', ['scenario_ids'], undefined],
  ['snake_case', ['scenarioIds'], undefined],
  ['camelCase', ['selectAll', 'somethingElse'], undefined],
  ['camelCase', [], undefined],
] as const)('a body in %s that is refused for %j leaves %s', (sent, unknownFields, casing) => {
  expect(otherCasing(sent, unknownFields)).toBe(casing);
});
