import { expect, test } from 'vitest';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import {
  asIs,
  failing,
  followTests,
  kinds,
  PERFECT,
  SCENARIO,
  type World,
} from '../../support/follow-world.ts';

const tests = followTests();
const AGAIN: Partial<Trigger> = { retryFailed: { times: 1, of: 'scenarios' } };

/** A run of which three calls failed, tried again until nothing more happens. */
async function failedRun(settings: Partial<Trigger>, then: (world: World) => void) {
  const own = await tests.world();
  own.course = failing(3);
  const first = await tests.fire(own, { ...AGAIN, ...settings });
  await tests.sweeps(own, 1);
  then(own);
  const soon = 0.1;
  await tests.sweeps(own, soon, soon);
  const toldSoon = kinds(own);
  await tests.sweeps(own, 6);
  const told = own.published
    .filter(({ held, repeated }) => !held && !repeated)
    .map(({ kind }) => kind);
  return { own, first, told, toldSoon };
}

test('the scenarios that failed run once more, and people are told what that shows', async () => {
  const { own, first, told } = await failedRun({}, (world) => {
    world.course = PERFECT;
  });
  expect(kinds(own)).toEqual(['started', 'failed', 'started', 'passed']);
  const [, failed, , passed] = own.published;
  expect(failed).toMatchObject({ firing: first, held: true, retried_as: passed?.firing });
  expect(passed).toMatchObject({
    firing: expect.stringMatching(/^t-\d+:again:sha256-/),
    reasons: ['The scenarios that had failed passed at the second try.'],
  });
  expect(told).toEqual(['started', 'started', 'passed']);
  const [one, two] = await Promise.all(
    [first, passed?.firing ?? ''].map((id) => tests.ledger.read(id)),
  );
  expect(one?.result).toMatchObject({ verdict: 'failed', failedScenarioIds: [SCENARIO.id] });
  expect(two?.selection).toEqual({ selectAll: false, scenarioIds: [SCENARIO.id] });
  expect(two?.execution?.id).not.toBe(one?.execution?.id);
});

test('a second try starts in the next sweep; its failure is told, and nothing is tried a third time', async () => {
  const { own, told, toldSoon } = await failedRun({}, () => {});
  expect(toldSoon).toEqual(['started', 'failed', 'started']);
  expect(kinds(own)).toEqual(['started', 'failed', 'started', 'failed']);
  expect(told).toEqual(['started', 'started', 'failed']);
  expect(own.published.at(-1)?.reasons.at(-1)).toBe(
    'It was the second try of the scenarios that had failed.',
  );
});

test('a second try counts in the budget; where it may not start, the first failure is told', async () => {
  const { own, first, told } = await failedRun({ budget: { perDay: 1 } }, () => {});
  expect(kinds(own)).toContain('skipped');
  expect(told.filter((kind) => kind === 'failed')).toHaveLength(1);
  expect(own.published.find(({ kind, held }) => kind === 'failed' && !held)).toMatchObject({
    firing: first,
    id: `${first}/failed/held`,
  });
});

test('an event that cannot be published begins no second try twice', async () => {
  const own = await tests.world();
  own.course = failing(3);
  const first = await tests.fire(own, AGAIN);
  const { publish } = own.core;
  let refusals = 3;
  const core = {
    ...own.core,
    publish: async (events: Parameters<typeof publish>[0]) => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('the bus is down');
      await publish(events);
    },
  };
  await tests.sweeps({ ...own, core }, 2);
  own.course = PERFECT;
  await tests.sweeps({ ...own, core }, 6);
  const starts = own.published.filter(({ kind }) => kind === 'started');
  expect(starts.map(({ firing }) => firing)).toEqual([first, expect.stringContaining(':again:')]);
});

// what is never tried again
test.each([
  ['a run without calls', 0, asIs, 'inconclusive'],
  [
    'a run whose calls cannot be read',
    10,
    (path: string, body: string) =>
      path.includes('/test-executions/') ? ([403, '{}'] as const) : ([200, body] as const),
    'failed',
  ],
] as const)('%s is not tried again', async (_, rows, distortion, kind) => {
  const own = await tests.world(rows);
  own.course = failing(3);
  own.distortion = distortion;
  await tests.fire(own, AGAIN);
  await tests.sweeps(own, 8);
  expect(kinds(own)).toEqual(['started', kind]);
  expect(own.published.at(-1)?.held).toBeUndefined();
});
