import { expect, test } from 'vitest';
import type { Firing } from '../../../lambda/firing/firing.ts';
import { addToReference, readReference, resetReference } from '../../../lambda/follow/reference.ts';
import type { Run } from '../../../lambda/follow/run.ts';
import { failing, followTests, SCENARIO, type World } from '../../support/follow-world.ts';

const tests = followTests();
const { fire, logged, sweeps, world } = tests;

const COMPARED = { expect: { noWorseThan: { runs: 10, tolerance: 5 } } };

/** One night; its verdict. */
async function run(own: World, name: string, failures: number, settings = {}) {
  own.course = failing(failures);
  const id = await fire(own, { ...COMPARED, ...settings }, name);
  await sweeps(own, 2);
  tests.clock.advance(60);
  return (await tests.ledger.read(id))?.result;
}

async function goodNights(own: World): Promise<void> {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await run(own, name, 1);
}

test('a fall is told until it is over, and does not become what later runs are compared with', async () => {
  const own = await world();
  await goodNights(own);
  expect((await run(own, 'as chance has it', 2))?.verdict).toBe('passed');
  expect((await run(own, 'worse', 6))?.reasons).toEqual([
    '4 of 10 calls completed (40 %), fewer than in the last 6 runs (53 of 60, 88.33 %); by chance that happens in 0.2 % of runs.',
    'Passed: Happy path 4/10.',
    'Happy path: 6 calls ended with "silence-timed-out".',
  ]);
  expect(await run(own, 'no better', 6)).toMatchObject({ verdict: 'failed' });
  expect(own.published.at(-1)).toMatchObject({ kind: 'failed', repeated: true });
  expect((await run(own, 'good again', 0))?.verdict).toBe('passed');
  expect(own.published.slice(-2)).toMatchObject([
    { kind: 'passed', repeated: false },
    {
      kind: 'recovered',
      reasons: ['It had failed before, since 2026-11-24T08:12:00.000Z, 2 runs.'],
      repeated: false,
    },
  ]);
}, 60_000);

test('a passed run says what it was compared with, and what that can show', async () => {
  const own = await world();
  expect((await run(own, 'first', 0))?.notes).toEqual(['There is no earlier run to compare with.']);
  expect((await run(own, 'second', 0))?.notes).toEqual([
    'Compared with the run before (10 of 10, 100 %): 10 calls can show a fall to 5 completed or fewer, not a smaller one.',
  ]);
});

test('after a reset nothing is compared with what was before', async () => {
  const own = await world();
  await goodNights(own);
  await resetReference({ trigger: own.trigger, by: 'ada', reason: 'stricter test' }, own.core);
  expect(await run(own, 'much worse', 7)).toMatchObject({
    verdict: 'passed',
    notes: ['There is no earlier run to compare with.'],
  });
  expect(logged('reference_reset')).toEqual([
    { event: 'reference_reset', trigger: own.trigger, by: 'ada', message: 'stricter test' },
  ]);
}, 60_000);

test('another selection has runs of its own', async () => {
  const own = await world();
  await goodNights(own);
  const execute = { selectAll: false, scenarioIds: [SCENARIO.id] };
  const result = await run(own, 'other', 7, { execute });
  expect(result?.notes).toEqual(['There is no earlier run to compare with.']);
}, 60_000);

const FIRING: Firing = {
  id: 'bounded:command:now',
  trigger: 'bounded',
  runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
  execute: { selectAll: true, scenarioIds: [] },
  cause: { kind: 'command', requestId: 'now' },
  policy: {
    startDeadlineMinutes: 15,
    onUnknown: 'hold',
    unknownGraceMinutes: 10,
    follow: true,
    maxDurationMinutes: 360,
    overlap: 'allow',
    pauseAfterRejected: 5,
  },
  revision: 'r',
  recordedAt: '2026-11-24T02:00:00.000Z',
  deadline: '2026-11-24T02:15:00.000Z',
  attempts: [],
  state: 'skipped',
  reason: 'only a selection is needed here',
};

/** With three hundred scenarios whose names are as long as may be. */
const largeRun = (index: number): Run => ({
  firing: `f-${index}`,
  finishedAt: new Date(Date.UTC(2026, 10, 24, 2, index)).toISOString(),
  verdict: 'passed',
  completed: 300,
  of: 300,
  evaluations: Array.from({ length: 80 }, (_, each) => ({
    name: `${each} ${'x'.repeat(250)}`,
    scores: [[100, 300]],
  })),
  scenarios: Array.from({ length: 300 }, (_, each) => ({
    id: `${each}`,
    name: 'x'.repeat(255),
    completed: 3,
    of: 3,
    passed: 3,
    evaluations: [],
  })),
});

test('however many and large the runs are, the item of the ledger holds the last of them', async () => {
  for (let index = 0; index < 14; index += 1) {
    await addToReference(FIRING, largeRun(index), tests.ledger);
  }
  const runs = await readReference(FIRING, tests.ledger);
  expect(runs.length).toBeGreaterThanOrEqual(10);
  expect(runs.at(-1)).toMatchObject({ firing: 'f-13', completed: 300 });
  expect(runs.at(-1)?.scenarios).toBeUndefined();
}, 60_000);

test('a run that is judged again takes its own place', async () => {
  const own = { ...FIRING, trigger: 'again' };
  await addToReference(own, { ...largeRun(1), completed: 200 }, tests.ledger);
  await addToReference(own, largeRun(1), tests.ledger);
  expect(await readReference(own, tests.ledger)).toMatchObject([{ completed: 300 }]);
  expect(await readReference({ ...own, id: 'f-1' }, tests.ledger)).toEqual([]);
});
