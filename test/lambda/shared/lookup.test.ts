import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Trigger } from '../../../lambda/shared/deployed-config.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { serveLoopback } from '../../../lib/local/http-server.ts';
import { startStandInApi } from '../../../lib/local/stand-in-api.ts';
import { temporaryDirectory } from '../../local/hand-written-stack.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { coreOn, NIGHTLY, newSecrets } from '../../support/fixture.ts';
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

let count = 0;

/** Fires a trigger on a run test that is named instead of numbered. */
async function fire(url: string, changes: Partial<Trigger>, core = coreOf(url)) {
  const { runTestId: _, ...rest } = NIGHTLY;
  count += 1;
  const name = `t-${count}`;
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
    'No run test called "100 % / smoke?" is visible to this API key. Check runTest in triggers.yaml.',
  ],
])('the name %s starts nothing', async (runTest, message) => {
  const api = await standIn();
  expect((await fire(api.url, { runTest })).report).toMatchObject({ state: 'rejected', message });
  expect(api.received.filter(({ method }) => method === 'POST')).toEqual([]);
});

/** A server that answers every request alike, and counts the POSTs. */
async function answering(status: number, body: unknown) {
  const posts: string[] = [];
  const server = await serveLoopback(async (request, response) => {
    if (request.method === 'POST') posts.push(request.url ?? '');
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  onTestFinished(() => server.stop());
  return { url: server.url, posts };
}

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
    'without the run test',
    404,
    {},
    EXCLUSION,
    'rejected',
    'The run test’s scenarios cannot be read: HTTP 404. Check runTestId in triggers.yaml: no such run test is visible to this API key.',
  ],
])('a server that is %s (%i) starts nothing', async (...row) => {
  const [, status, body, changes, state, message] = row;
  const { url, posts } = await answering(status, body);
  const { report, firing } = await fire(url, changes);
  expect(posts).toEqual([]);
  expect({ state: report.state, message: firing?.reason }).toEqual({ state, message });
  expect(log.at(-1)).toMatchObject({
    event: state === 'due' ? 'start_delayed' : 'start_rejected',
    message,
  });
});
