import { expect, test } from 'vitest';
import type { ReadSecret } from '../../../lambda/runtime/secrets.ts';
import { API_KEY, apiOn } from '../../support/fixture.ts';
import { asIs, type Distortion, followTests, kinds, PERFECT } from '../../support/follow-world.ts';

const tests = followTests();
const { fire, logged, sweeps, world } = tests;

/** A server that has nothing but what the pattern names. */
const only =
  (pattern: RegExp, status = 404): Distortion =>
  (path, body) => [pattern.test(path) ? 200 : status, body];

// what the server has, what it answers to the rest, the paths that were read
test.each([
  ['the list', /executions\/\?/, 404, ['status/', 'executions/?page=1&limit=25']],
  [
    'the list, and everything else fails',
    /executions\/\?/,
    500,
    ['status/', 'executions/?page=1&limit=25'],
  ],
  [
    'its page',
    /test-executions/,
    404,
    ['status/', 'executions/?page=1&limit=25', '../test-executions/ID/?page=1&limit=1'],
  ],
])('where the server only has %s, that is enough', async (_, pattern, status, reads) => {
  const own = await world();
  own.distortion = only(pattern, status);
  const id = await fire(own);
  await sweeps(own, 1);
  expect(await tests.ledger.read(id)).toMatchObject({
    state: 'completed',
    result: { verdict: 'passed', totalCalls: 10, successRate: 100 },
  });
  const base = '/simulate/run-tests/ID/';
  const paths = [...reads, 'eval-summary/?execution_id=ID'].map((path) =>
    path.startsWith('../') ? `/simulate/${path.slice(3)}` : base + path,
  );
  expect(own.reads).toEqual(paths);
});

test('a newer execution of the same run test is not taken for it', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  tests.clock.advance(0.1);
  own.course = PERFECT;
  await fire(own, {}, 'newer');
  own.course = { ...PERFECT, ends: 'FAILED' };
  await sweeps(own, 1);
  const firing = await tests.ledger.read(id);
  expect(firing).toMatchObject({ state: 'failed', execution: { status: 'failed' } });
  expect(own.reads.filter((path) => path.includes('executions/?'))).toHaveLength(1);
});

test('a server whose pages fail is asked again, and after the maximum it is lost', async () => {
  const own = await world();
  own.distortion = () => [500, '<html>Internal Server Error</html>'];
  const id = await fire(own, { maxDurationMinutes: 10 });
  await sweeps(own, 4);
  expect((await tests.ledger.read(id))?.state).toBe('started');
  await sweeps(own, 8);
  expect(await tests.ledger.read(id)).toMatchObject({
    state: 'lost',
    reason: 'It cannot be read: HTTP 500 after 10 min.',
  });
});

test('when the permission to read is lost half-way it is followed no further, and that is said once', async () => {
  const own = await world();
  own.course = { ...PERFECT, ends: 'never' };
  const id = await fire(own);
  await sweeps(own, 2);
  expect((await tests.ledger.read(id))?.execution?.status).toBe('running');
  own.distortion = () => [403, '{}'];
  await sweeps(own, 10);
  const firing = await tests.ledger.read(id);
  expect(firing).toMatchObject({ state: 'started', result: { verdict: 'inconclusive' } });
  expect(firing?.nextCheckAt).toBeUndefined();
  expect(kinds(own)).toEqual(['started', 'inconclusive']);
  expect(logged('execution_unfollowed')).toMatchObject([{ result: 'inconclusive' }]);
  expect(own.published.at(-1)?.reasons).toEqual([
    'The execution cannot be followed: HTTP 403. Let the API key’s user read the run test’s executions, or set follow: false in triggers.yaml.',
  ]);
  expect(own.reads.filter((path) => path.includes('status'))).toHaveLength(3);
});

test('a key that was rotated meanwhile is read again, and the execution is followed on', async () => {
  const own = await world();
  const secrets = { 'api-key': 'rotated-away' };
  const readSecret: ReadSecret = async (id, maxAgeMs) =>
    id === 'api-key' && maxAgeMs === 0 ? API_KEY : secrets['api-key'];
  const id = await fire(own);
  own.distortion = () => [401, '{}'];
  const api = apiOn(own.core.api.baseUrl, readSecret, tests.clock.now);
  await sweeps({ ...own, core: { ...own.core, api } }, 1);
  expect((await tests.ledger.read(id))?.state).toBe('started');
  own.distortion = asIs;
  await sweeps(own, 2);
  expect((await tests.ledger.read(id))?.state).toBe('completed');
});

// which answer is larger than an item of the ledger, or an event, with what
test.each([
  ['the reason of a failure', 'status/', { status: 'FAILED', error_reason: 'x'.repeat(500_000) }],
  [
    'the evaluations',
    'eval-summary',
    {
      evaluations: Array.from({ length: 8_000 }, (_, index) => ({
        name: `Evaluation ${index} ${'x'.repeat(80)}`,
        average_score: 80,
      })),
    },
  ],
])('an execution ends, however large %s', async (_what, place, large) => {
  const own = await world();
  const id = await fire(own);
  own.distortion = (path, body) => [
    200,
    path.includes(place) ? JSON.stringify({ ...JSON.parse(body), ...large }) : body,
  ];
  await sweeps(own, 2);
  expect((await tests.ledger.read(id))?.result).toBeDefined();
  expect(own.published).toHaveLength(2);
  for (const event of own.published) expect(JSON.stringify(event).length).toBeLessThan(50_000);
});
