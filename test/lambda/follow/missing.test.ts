import { expect, test } from 'vitest';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { asIs, type Distortion, followTests, PERFECT } from '../../support/follow-world.ts';

const tests = followTests();
const { fire, logged, sweeps, world } = tests;

const LOST = 'It can no longer be found in Future AGI: it was probably deleted there.';

/** A server on which the execution was deleted: what it answers at each place. */
const without =
  (status: readonly [number, object], list: readonly [number, object], own: number): Distortion =>
  (path) => {
    const [code, body] = path.includes('status/')
      ? status
      : path.includes('executions/?')
        ? list
        : [own, { message: 'No TestExecution matches the given query.' }];
    return [code, JSON.stringify(body)];
  };
const NONE = [200, { status: 'not_found' }] as const;
const EMPTY = [200, { results: [], total_pages: 1 }] as const;
const OTHER = { id: 'another', status: 'Completed' };

test.each([
  ['nothing is left', without(NONE, EMPTY, 500)],
  ['nothing is left, by a documented server', without(NONE, EMPTY, 404)],
  [
    'there are others',
    without([200, { ...OTHER, execution_id: 'another' }], [200, { results: [OTHER] }], 500),
  ],
  ['its run test is gone as well', without([404, {}], [404, {}], 500)],
])('an execution that was deleted is lost after three polls, where %s', async (_, distortion) => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  await sweeps(own, 1);
  own.distortion = distortion;
  await sweeps(own, 2);
  expect((await tests.ledger.read(id))?.state).toBe('started');
  await sweeps(own, 1);
  expect(await tests.ledger.read(id)).toMatchObject({ state: 'lost', reason: LOST });
  expect(own.published.at(-1)).toMatchObject({ kind: 'lost', reasons: [LOST] });
  expect(logged('execution_lost')).toMatchObject([{ firing: id, message: LOST }]);
});

test('one that is seen again in between is followed on', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  for (let round = 0; round < 3; round += 1) {
    own.distortion = without(NONE, EMPTY, 500);
    await sweeps(own, 2);
    own.distortion = asIs;
    await sweeps(own, 1);
  }
  expect((await tests.ledger.read(id))?.state).toBe('started');
});

test('new functions that poll within a moment do not take it for deleted', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  own.distortion = without(NONE, EMPTY, 500);
  await sweeps(own, 1);
  for (let functions = 0; functions < 3; functions += 1) {
    own.core.looks.clear();
    await sweep(own.core, tests.inMinutes(1.5));
  }
  expect(await tests.ledger.read(id)).toMatchObject({
    state: 'started',
    execution: { missingPolls: 1 },
  });
});

test('one that may be further back in the list is not missing', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  own.distortion = without(NONE, [200, { results: [OTHER], total_pages: 99 }], 500);
  await sweeps(own, 6);
  expect((await tests.ledger.read(id))?.state).toBe('started');
  expect(own.reads.filter((path) => path.includes('page=10&'))).not.toEqual([]);
});

test('one on the third page of the list is found there', async () => {
  const own = await world();
  const id = await fire(own);
  const executionId = (await tests.ledger.read(id))?.execution?.id;
  const item = { id: executionId, status: 'Completed', calls: 4, success_rate: 100 };
  own.distortion = (path) => {
    if (path.includes('eval-summary')) return [200, '{"result": []}'];
    const results = path.includes('page=3&') ? [item] : [OTHER];
    return [200, JSON.stringify({ results, total_pages: 3, status: 'not_found' })];
  };
  await sweeps(own, 1);
  expect((await tests.ledger.read(id))?.result).toMatchObject({ verdict: 'passed', totalCalls: 4 });
});
