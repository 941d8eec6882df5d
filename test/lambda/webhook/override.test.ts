import { expect, test } from 'vitest';
import { overridden } from '../../../lambda/webhook/override.ts';

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

test('a delivery cannot choose by name', () => {
  expect(overridden(BY_NAME, ['scenarioIds', 'selectAll'], { scenarios: ['Alpha'] })).toEqual(
    BY_NAME,
  );
});
