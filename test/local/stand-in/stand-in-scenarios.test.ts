import { expect, test } from 'vitest';
import { scenariosByRunTest } from '../../../lib/local/stand-in/stand-in-scenarios.ts';
import { NIGHTLY } from '../../support/fixture.ts';

const runTestId = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

function idsOf(scenarioIds: string[]): string[] {
  const execute = { ...NIGHTLY.execute, scenarioIds };
  const scenarios = scenariosByRunTest({ nightly: { ...NIGHTLY, runTestId, execute } });
  return scenarios.get(runTestId)?.map(({ id }) => id) ?? [];
}

test('a run test has no scenario twice when a trigger names one of its own', () => {
  const own = idsOf([]);
  expect(own).toHaveLength(4);
  expect(idsOf(own.slice(0, 2))).toEqual(own);
  const another = '5b8a3f0e-6c1d-4a57-9e0b-7f2c4d1e9a33';
  expect(idsOf([another])).toEqual([...own, another]);
});
