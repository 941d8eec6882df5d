import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Trigger } from '../../../lambda/firing/trigger.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { sendJson, serveLoopback } from '../../../lib/local/server/http-server.ts';
import { startStandInApi } from '../../../lib/local/stand-in/stand-in-api.ts';
import { temporaryDirectory } from '../../local/hand-written-stack.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { apiOn, coreOn, NIGHTLY, newSecrets } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const TWIN = 'aaaaaaaa-0000-4000-8000-000000000001';
const OTHER_TWIN = 'bbbbbbbb-0000-4000-8000-000000000002';
const SCENARIOS = Array.from({ length: 250 }, (_, index) => ({
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  name: `Scenario ${index}`,
  rows: 1,
}));
const PAIR = '{"apiKey":"a-key","secretKey":"a-secret"}';

let memory: MemoryLedger;
let clock: Clock;
let log: Record<string, unknown>[];
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());
beforeEach(() => {
  clock = clockAt('2026-11-24T02:00:00Z');
  log = captureLog();
});

/** Fires a trigger on a run test that is named instead of numbered. */
async function fire(url: string, changes: Partial<Trigger>, core = coreOf(url)) {
  const { runTestId: _, ...rest } = NIGHTLY;
  const name = randomUUID();
  const event = { trigger: name, requestId: 'once' };
  const until = new Date(clock.now().getTime() + 60_000);
  const report = await trigger(event, { [name]: { ...rest, ...changes } }, core, until);
  return { report, firing: await memory.ledger.read(report.firing) };
}

function coreOf(url: string) {
  return coreOn(memory, { url }, clock, { ...newSecrets(), 'api-key': PAIR });
}

async function standIn() {
  const api = await startStandInApi({
    runTests: new Map([RUN_TEST, TWIN, OTHER_TWIN].map((id) => [id, SCENARIOS])),
    namedRunTests: [
      { id: RUN_TEST, name: 'Checkout regression' },
      { id: TWIN, name: 'Twin' },
      { id: OTHER_TWIN, name: 'Twin' },
      { id: 'cccccccc-0000-4000-8000-000000000003', name: 'Checkout, 100 % / smoke' },
    ],
    apiKey: () => PAIR,
    server: 'current',
    file: join(temporaryDirectory(), 'executions.jsonl'),
    clock: { now: clock.now, sleep: () => Promise.reject(new Error('no sleep')) },
  });
  onTestFinished(() => api.stop());
  return api;
}

test('a run test is found by its name, and the firing keeps its id', async () => {
  const api = await standIn();
  const { report, firing } = await fire(api.url, { runTest: 'Checkout regression' });
  expect(report.state).toBe('started');
  expect(firing).toMatchObject({
    runTest: 'Checkout regression',
    runTestId: RUN_TEST,
    selection: { selectAll: true, scenarioIds: [] },
  });
  expect(await memory.ledger.sentBetween(RUN_TEST, clock.now(), clock.now())).toContainEqual({
    id: report.firing,
    state: 'started',
    executionId: report.execution_id,
  });
});

test('what was looked up is asked for again only after five minutes', async () => {
  const api = await standIn();
  const core = coreOf(api.url);
  const changes = {
    runTest: 'Checkout regression',
    execute: { selectAll: true, scenarioIds: [], scenarios: ['Scenario 7'] },
  };
  const lookUps = () => api.received.filter(({ path }) => /search|scenarios/.test(path)).length;
  await fire(api.url, changes, core);
  expect(lookUps()).toBe(4);
  clock.advance(4.9);
  await fire(api.url, changes, core);
  expect(lookUps()).toBe(4);
  clock.advance(0.2);
  await fire(api.url, changes, core);
  expect(lookUps()).toBe(8);
});

test('an exclusion from 250 scenarios is paged through and leaves 249', async () => {
  const api = await standIn();
  const { report, firing } = await fire(api.url, {
    runTestId: RUN_TEST,
    execute: { selectAll: true, scenarioIds: [], scenarios: ['Scenario 249'] },
  });
  expect(report.total_scenarios).toBe(249);
  expect(firing?.selection?.scenarioIds).toEqual(SCENARIOS.slice(0, 249).map(({ id }) => id));
});

test.each([
  [
    'Twin',
    `Several run tests are called "Twin": ${TWIN}, ${OTHER_TWIN}; write runTestId with one of these`,
  ],
  [
    'Checkout',
    `No run test called "Checkout" is visible to this API key; similar: "Checkout regression" (${RUN_TEST}), "Checkout, 100 % / smoke" (cccccccc-0000-4000-8000-000000000003). Check runTest in triggers.yaml.`,
  ],
  [
    '100 % / smoke?',
    `No run test called "100 % / smoke?" is visible to this API key; there are: "Checkout regression" (${RUN_TEST}), "Twin" (${TWIN}), "Twin" (${OTHER_TWIN}), "Checkout, 100 % / smoke" (cccccccc-0000-4000-8000-000000000003). Check runTest in triggers.yaml.`,
  ],
])('the name %s starts nothing', async (runTest, message) => {
  const api = await standIn();
  expect((await fire(api.url, { runTest })).report).toMatchObject({ state: 'rejected', message });
  expect(api.received.filter(({ method }) => method === 'POST')).toEqual([]);
});

/** A server that answers by a request's address, and keeps those of the POSTs. */
async function serve(answerTo: (url: string) => readonly [status: number, body: unknown]) {
  const posts: string[] = [];
  const server = await serveLoopback(async ({ method, url = '' }, response) => {
    if (method === 'POST') posts.push(url);
    sendJson(response, ...answerTo(url));
  });
  onTestFinished(() => server.stop());
  return { url: server.url, posts };
}

/** A server that answers every request alike. */
const answering = (status: number, body: unknown) => serve(() => [status, body]);

const NAMED = { runTest: 'Checkout regression' };
const EXCLUSION = { runTestId: RUN_TEST, execute: { selectAll: true, scenarioIds: [TWIN] } };

test.each<[string, number, unknown, Partial<Trigger>, string, string]>([
  ['down', 502, {}, NAMED, 'due', 'The run tests cannot be listed: HTTP 502'],
  ['down', 503, {}, EXCLUSION, 'due', 'The run test’s scenarios cannot be read: HTTP 503'],
  ['throttling', 429, {}, EXCLUSION, 'due', 'The run test’s scenarios cannot be read: HTTP 429'],
  [
    'a list that shifts',
    200,
    { results: [], count: 3, total_pages: 1 },
    EXCLUSION,
    'due',
    'The run test’s scenarios cannot be read: the list changed while it was read',
  ],
  [
    'not JSON',
    200,
    'hello',
    EXCLUSION,
    'due',
    'The run test’s scenarios cannot be read: the list has no readable form',
  ],
  [
    'forbidden',
    403,
    {},
    EXCLUSION,
    'rejected',
    'The run test’s scenarios cannot be read: HTTP 403. Give the API key’s user write access to the run test’s workspace.',
  ],
  [
    'on another plan',
    403,
    { message: 'Upgrade your plan', detail: '<html>' },
    EXCLUSION,
    'rejected',
    'The run test’s scenarios cannot be read: Upgrade your plan (HTTP 403). The workspace’s plan does not include this run test’s calls: change the plan or the test.',
  ],
  [
    'something else',
    404,
    '<h1>Not Found</h1>',
    EXCLUSION,
    'rejected',
    'The run test’s scenarios cannot be read: HTTP 404. Check api.baseUrl and runTestId in triggers.yaml: the answer does not come from the Future AGI API.',
  ],
  [
    'without the run test',
    404,
    { message: 'Run test not found' },
    EXCLUSION,
    'rejected',
    'The run test’s scenarios cannot be read: Run test not found (HTTP 404). Check runTestId in triggers.yaml: no such run test is visible to this API key.',
  ],
])('a server that is %s (%i) starts nothing', async (...row) => {
  const [, status, body, changes, state, message] = row;
  const { url, posts } = await answering(status, body);
  const { report, firing } = await fire(url, changes);
  expect(posts).toEqual([]);
  expect({ state: report.state, message: firing?.reason }).toEqual({ state, message });
  expect(log.at(-1)).toMatchObject({
    event: state === 'due' ? 'start_postponed' : 'start_rejected',
    message,
  });
});

/** A server without a list of run tests, on which every name leads to this one. */
const withoutList = (result: object) =>
  serve((url) =>
    url.includes('/get-id-by-name/') ? [200, { status: true, result }] : [404, { message: 'No' }],
  );

test('a server without a list of run tests is asked for the id alone', async () => {
  const { url, posts } = await withoutList({ run_test_id: RUN_TEST.toUpperCase() });
  await fire(url, NAMED);
  expect(posts).toEqual([`/simulate/run-tests/${RUN_TEST}/execute/`]);
});

test('a run test of a similar name is not taken for the one that is meant', async () => {
  const found = { run_test_id: RUN_TEST, run_test_name: 'Checkout Regression' };
  const { url, posts } = await withoutList(found);
  const { report } = await fire(url, NAMED);
  expect(report).toMatchObject({
    state: 'rejected',
    message: `No run test called "Checkout regression" is visible to this API key - did you mean "Checkout Regression"? Similar: "Checkout Regression" (${RUN_TEST}). Check runTest in triggers.yaml.`,
  });
  expect(posts).toEqual([]);
});

test.each([
  ['was rotated meanwhile is tried again', '{"apiKey":"new-key","secretKey":"b"}', 'due'],
  ['is refused for good wants a person', PAIR, 'rejected'],
])('a look-up whose key %s', async (_name, freshValue, state) => {
  const { url, posts } = await answering(401, { detail: 'Invalid token.' });
  const core = coreOf(url);
  const readSecret: typeof core.readSecret = async (id, maxAgeMs) =>
    maxAgeMs === 0 ? freshValue : core.readSecret(id);
  const api = apiOn(url, readSecret, core.now);
  const { report } = await fire(url, EXCLUSION, { ...core, api });
  expect(report).toMatchObject({
    state,
    message: expect.stringMatching(/Invalid token. \(HTTP 401\).* npx rtt secret set api-key /),
  });
  expect(posts).toEqual([]);
});
