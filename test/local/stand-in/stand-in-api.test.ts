import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startStandInApi } from '../../../lib/local/stand-in/stand-in-api.ts';
import { scenariosByRunTest } from '../../../lib/local/stand-in/stand-in-scenarios.ts';
import { temporaryDirectory } from '../hand-written-stack.ts';
import { manualClock } from '../manual-clock.ts';

const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const NAMED = '5b8a3f0e-6c1d-4a57-9e0b-7f2c4d1e9a33';

const RUN_TESTS = scenariosByRunTest({
  nightly: {
    runTestId: RUN_TEST,
    execute: { selectAll: false, scenarioIds: [NAMED] },
    schedules: [],
    startDeadlineMinutes: 15,
    onUnknown: 'hold',
    unknownGraceMinutes: 10,
    follow: true,
    maxDurationMinutes: 360,
    missedAfterMinutes: 10,
    overlap: 'allow',
    pauseAfterRejected: 5,
  },
});

async function standIn(file = join(temporaryDirectory(), 'executions.jsonl')) {
  const clock = manualClock('2026-11-24T02:00:00Z');
  const options = { runTests: RUN_TESTS, apiKey: () => 'key', file, clock };
  const api = await startStandInApi(options);
  onTestFinished(() => api.stop());
  const call = async (method: string, path: string, body?: unknown, key = 'Bearer key') => {
    const response = await fetch(`${api.url}/simulate${path}`, {
      method,
      headers: { authorization: key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const execute = (body: unknown) => call('POST', `/run-tests/${RUN_TEST}/execute/`, body);
  return { api, clock, file, call, execute };
}

describe('execute', () => {
  test('starts an execution of every scenario', async () => {
    const { execute } = await standIn();
    const { status, body } = await execute({ selectAll: true, scenarioIds: [] });
    expect(status).toBe(200);
    expect(body).toEqual({
      message: 'Test execution started successfully',
      execution_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      run_test_id: RUN_TEST,
      status: 'PENDING',
      total_scenarios: 5,
      total_calls: 9,
      scenario_ids: RUN_TESTS.get(RUN_TEST)?.map(({ id }) => id),
    });
  });

  test.each([
    { selectAll: true, scenarioIds: [NAMED], total: 4 },
    { selectAll: false, scenarioIds: [NAMED], total: 1 },
    { selectAll: false, scenarioIds: [], total: 5 },
  ])('with selectAll $selectAll of $scenarioIds runs $total', async ({ total, ...request }) => {
    const { execute } = await standIn();
    expect((await execute(request)).body.total_scenarios).toBe(total);
  });

  test.each([
    [{ selectAll: 'yes' }, 'expected boolean'],
    [{ scenarioIds: ['x'] }, 'Invalid GUID'],
    [{ selectAll: false, scenarioIds: [UNKNOWN] }, 'No scenarios found for this test'],
  ])('of %o is answered 400', async (request, message) => {
    const { execute } = await standIn();
    const { status, body } = await execute(request);
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: false, type: 'bad_request' });
    expect(body.message).toContain(message);
  });

  test('of an unknown run test is answered 404', async () => {
    const { call } = await standIn();
    expect(await call('POST', `/run-tests/${UNKNOWN}/execute/`, {})).toMatchObject({
      status: 404,
      body: {
        status: false,
        type: 'not_found',
        detail: 'Run test not found.',
        message: 'Run test not found.',
      },
    });
  });

  test.each(['', 'Bearer other', 'key'])(
    'with the credentials "%s" is answered 401',
    async (key) => {
      const { call } = await standIn();
      const path = `/run-tests/${RUN_TEST}/execute/`;
      expect(await call('POST', path, {}, key)).toMatchObject({
        status: 401,
        body: { type: 'unauthorized' },
      });
    },
  );
});

describe('an execution', () => {
  test.each([
    [0, 'PENDING', 0],
    [1_999, 'PENDING', 0],
    [11_000, 'RUNNING', 4],
    [20_000, 'COMPLETED', 9],
  ])('is after %i ms %s with %i calls made', async (milliseconds, status, calls) => {
    const { call, clock, execute } = await standIn();
    const { body: started } = await execute({ selectAll: true, scenarioIds: [] });
    await clock.pass(milliseconds);
    const { body } = await call('GET', `/run-tests/${RUN_TEST}/status/`);
    expect(body).toMatchObject({ execution_id: started.execution_id, status, total_calls: 9 });
    expect(body.completed_calls + body.failed_calls).toBe(calls);
  });

  test('shows in the list, newest first, and by its id', async () => {
    const { call, clock, execute } = await standIn();
    const first = (await execute({})).body.execution_id;
    await clock.pass(1_000);
    const second = (await execute({ scenarioIds: [NAMED] })).body.execution_id;
    const { body: list } = await call('GET', `/run-tests/${RUN_TEST}/executions/?page=1&limit=1`);
    expect(list).toMatchObject({ count: 2, total_pages: 2, current_page: 1 });
    expect(list.results).toEqual([
      {
        id: second,
        run_test: RUN_TEST,
        status: 'PENDING',
        started_at: '2026-11-24T02:00:01.000Z',
        completed_at: null,
        total_scenarios: 1,
        total_calls: expect.any(Number),
        completed_calls: 0,
        failed_calls: 0,
        duration_seconds: null,
        success_rate: 0,
        scenario_ids: [NAMED],
        created_at: '2026-11-24T02:00:01.000Z',
      },
    ]);
    expect((await call('GET', `/test-executions/${first}/`)).body).toMatchObject({ id: first });
    expect((await call('GET', `/test-executions/${UNKNOWN}/`)).status).toBe(404);
  });

  test('can be cancelled until it is final', async () => {
    const { call, clock, execute } = await standIn();
    const path = `/test-executions/${(await execute({})).body.execution_id}`;
    await clock.pass(5_000);
    expect((await call('POST', `${path}/cancel/`)).body).toMatchObject({ success: true });
    await clock.pass(60_000);
    expect((await call('GET', `${path}/`)).body).toMatchObject({
      status: 'CANCELLED',
      duration_seconds: 5,
    });
  });

  test('has an evaluation that agrees with its calls', async () => {
    const { call, clock, execute } = await standIn();
    const id = (await execute({})).body.execution_id;
    await clock.pass(20_000);
    const { body: detail } = await call('GET', `/test-executions/${id}/`);
    const { body: evaluation } = await call(
      'GET',
      `/run-tests/${RUN_TEST}/eval-summary/?execution_id=${id}`,
    );
    expect(evaluation.evaluations).toEqual([
      {
        name: 'Task completion',
        average_score: detail.completed_calls / 9,
        total_runs: 9,
        passed: detail.completed_calls,
        failed: detail.failed_calls,
      },
    ]);
  });

  test('is remembered across restarts', async () => {
    const first = await standIn();
    const { execution_id } = (await first.execute({})).body;
    await first.api.stop();
    const { call } = await standIn(first.file);
    expect((await call('GET', `/test-executions/${execution_id}/`)).status).toBe(200);
  });

  test('in a damaged file is refused with the line', async () => {
    const { api, execute, file } = await standIn();
    await execute({});
    await api.stop();
    appendFileSync(file, '{"started":');
    await expect(standIn(file)).rejects.toThrow(`${file}:2 is damaged: fix the line or delete it`);
  });
});

test('no execution is a status of its own', async () => {
  const { call } = await standIn();
  expect((await call('GET', `/run-tests/${RUN_TEST}/status/`)).body).toEqual({
    run_test_id: RUN_TEST,
    status: 'not_found',
  });
});

test('scenarios are listed', async () => {
  const { call } = await standIn();
  const { body } = await call('GET', `/run-tests/${RUN_TEST}/scenarios/`);
  expect(body.results).toHaveLength(5);
  expect(body.results[4]).toEqual({ id: NAMED, name: 'Scenario 5b8a3f0e', row_count: 2 });
});

test('what was received is kept as it came', async () => {
  const { api, execute } = await standIn();
  await execute({ selectAll: true });
  expect(api.received).toEqual([
    {
      method: 'POST',
      path: `/simulate/run-tests/${RUN_TEST}/execute/`,
      headers: expect.objectContaining({
        authorization: 'Bearer key',
        'content-type': 'application/json',
        'content-length': '18',
      }),
      body: '{"selectAll":true}',
    },
  ]);
});
