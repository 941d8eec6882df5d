import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { cancelExecution } from '../../../lambda/api/cancel-execution.ts';
import { executionProgress } from '../../../lambda/api/execution-progress.ts';
import {
  type ApiAccess,
  executeRequest,
  listExecutions,
  read,
  send,
} from '../../../lambda/api/future-agi.ts';
import { findRunTest, findScenarios } from '../../../lambda/api/lookup.ts';
import { classify } from '../../../lambda/api/outcome.ts';
import { readEvaluations } from '../../../lambda/follow/evaluations.ts';
import { sendJson, serveLoopback } from '../../../lib/local/server/http-server.ts';
import { ANSWERED, apiAnswer } from '../../support/api-answers.ts';

const { runTestId, executionId, scenarioIds } = ANSWERED;

async function startOf(access: ApiAccess) {
  const request = executeRequest(access.baseUrl, runTestId, {}, access.key);
  return classify(await send(request, access.key, access.limits()), new Date());
}

const progressOf = (access: ApiAccess) => executionProgress(runTestId, executionId, access);
const statusOf = (access: ApiAccess) => read(`/simulate/run-tests/${runTestId}/status/`, access);
const scoresIn = (access: ApiAccess) => readEvaluations(runTestId, executionId, access);
const listOf = (access: ApiAccess) => listExecutions(runTestId, 1, access);

const STARTED = { id: executionId, totalScenarios: 2, scenarioIds };
const PROGRESS = { status: 'completed', totalCalls: 4, completedCalls: 3, successRate: 75 };
const STARTED_AT = new Date('2026-11-24T02:00:00Z');

/** What the client makes of each answer. */
const READ: readonly (readonly [
  name: string,
  reads: (access: ApiAccess) => Promise<unknown>,
  expected: object,
])[] = [
  [
    'documented-execute',
    startOf,
    { kind: 'started', execution: { ...STARTED, status: 'PENDING', totalCalls: 4 } },
  ],
  [
    'current-execute',
    startOf,
    { kind: 'started', execution: { ...STARTED, status: 'started', totalCalls: 0 } },
  ],
  [
    'current-unknown-field',
    startOf,
    { kind: 'rejected', status: 400, unknownFields: ['selectAll', 'scenarioIds'] },
  ],
  [
    'current-failed-to-start',
    startOf,
    { kind: 'unknown', status: 400, message: 'Failed to start test execution: no worker' },
  ],
  [
    'documented-no-run-test',
    startOf,
    { kind: 'rejected', status: 404, message: 'Run test not found.' },
  ],
  [
    'documented-executions',
    listOf,
    {
      kind: 'page',
      last: true,
      executions: [{ id: executionId, startedAt: STARTED_AT, scenarioIds, totalCalls: 4 }],
    },
  ],
  [
    'current-executions',
    listOf,
    { kind: 'page', last: true, executions: [{ id: executionId, startedAt: STARTED_AT }] },
  ],
  ['documented-status', progressOf, { ...PROGRESS, failedCalls: 1, durationSeconds: 20 }],
  ['current-status', progressOf, { ...PROGRESS, failedCalls: 1, durationSeconds: 20 }],
  ['documented-execution', progressOf, { ...PROGRESS, failedCalls: 1, durationSeconds: 20 }],
  ['documented-unauthorised', statusOf, { kind: 'unreadable', permanent: true, status: 401 }],
  ['documented-eval-summary', scoresIn, [{ name: 'Task completion', score: 75 }]],
  [
    'current-eval-summary',
    scoresIn,
    [
      { name: 'Task completion', score: 75 },
      { name: 'Tone', score: 62.5 },
    ],
  ],
  [
    'documented-scenarios',
    (access) => findScenarios(runTestId, access),
    { kind: 'found', value: [{ id: scenarioIds[0], name: 'Happy path' }] },
  ],
  [
    'documented-id-by-name',
    (access) => findRunTest('Checkout', access),
    { kind: 'found', value: runTestId },
  ],
  ['documented-cancel', (access) => cancelExecution(executionId, access), { kind: 'cancelled' }],
];

/** A server that gives this answer at its path, and 404 anywhere else. */
async function serve(name: string): Promise<ApiAccess> {
  const { request, status, body } = apiAnswer(name);
  const [path = ''] = request.path.split('?');
  const server = await serveLoopback(async ({ method, url = '' }, response) => {
    const isHere = method === request.method && lastPart(url) === lastPart(path);
    sendJson(response, isHere ? status : 404, isHere ? body : {});
  });
  onTestFinished(() => server.stop());
  return {
    baseUrl: server.url,
    key: { dialect: 'documented', apiKey: 'key' },
    limits: () => ({ connectMs: 30_000, totalMs: 30_000 }),
  };
}

/** `execute`, `status` …: whatever the ids. */
function lastPart(url: string): string | undefined {
  return url.split('?')[0]?.split('/').at(-2);
}

test.each(READ)('the client reads %s', async (name, reads, expected) => {
  expect(await reads(await serve(name))).toMatchObject(expected);
});

test('every answer is read', () => {
  const files = readdirSync(new URL('../../fixtures/api', import.meta.url));
  expect(READ.map(([name]) => `${name}.json`).toSorted()).toEqual(files.toSorted());
});
