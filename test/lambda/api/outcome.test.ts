import { expect, test } from 'vitest';
import type { Exchange } from '../../../lambda/api/exchange.ts';
import { classify } from '../../../lambda/api/outcome.ts';

const NOW = new Date('2026-11-24T02:00:00Z');
const STARTED = {
  message: 'Test execution started successfully',
  execution_id: 'e-1',
  run_test_id: 'rt-1',
  status: 'PENDING',
  total_scenarios: 2,
  total_calls: 4,
  scenario_ids: ['s-1', 's-2'],
};

function answered(status: number, body: unknown, retryAfter?: string): Exchange {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'answered', status, body: text, ...(retryAfter !== undefined && { retryAfter }) };
}

function broken(written: boolean, reason: string, status?: number): Exchange {
  return { kind: 'broken', written, reason, ...(status !== undefined && { status }) };
}

const HTML = '<!doctype html><html><body>Bad Gateway</body></html>';

test.each<[string, Exchange, string]>([
  ['connection refused', broken(false, 'connect ECONNREFUSED 127.0.0.1:9'), 'not-started'],
  ['unknown host', broken(false, 'getaddrinfo ENOTFOUND api.invalid'), 'not-started'],
  ['TLS failure', broken(false, 'self-signed certificate'), 'not-started'],
  ['no connection in time', broken(false, 'no connection within 5000 ms'), 'not-started'],
  ['reset after the connection stood', broken(true, 'read ECONNRESET'), 'unknown'],
  ['no answer in time', broken(true, 'no complete answer within 45000 ms'), 'unknown'],
  ['200 that breaks off', broken(true, 'aborted', 200), 'unknown'],
  ['404 that breaks off', broken(true, 'aborted', 404), 'rejected'],
  ['429 that breaks off', broken(true, 'aborted', 429), 'not-started'],
  ['200', answered(200, STARTED), 'started'],
  ['200 with nothing but an id', answered(200, { execution_id: 'e-1' }), 'started'],
  ['201 with an id', answered(201, STARTED), 'started'],
  ['200 not JSON', answered(200, HTML), 'unknown'],
  ['200 empty', answered(200, ''), 'unknown'],
  ['200 without an id', answered(200, { message: 'ok' }), 'unknown'],
  ['200 with an empty id', answered(200, { execution_id: '' }), 'unknown'],
  ['200 with an array', answered(200, []), 'unknown'],
  ['204', answered(204, ''), 'unknown'],
  ['301', answered(301, ''), 'rejected'],
  ['307', answered(307, ''), 'rejected'],
  [
    '400 with field details',
    answered(400, { details: { scenarioIds: ['Unknown field.'] } }),
    'rejected',
  ],
  ...['message', 'detail', 'error', 'result'].map((field): [string, Exchange, string] => [
    `400 with field details whose ${field} says that the start failed`,
    answered(400, { details: { x: ['y'] }, [field]: 'Failed to start test execution: no worker' }),
    'unknown',
  ]),
  [
    '400 parse error',
    answered(400, { code: 'parse_error', message: 'JSON parse error' }),
    'rejected',
  ],
  [
    '400 no scenario',
    answered(400, { message: 'At least one scenario is required to run' }),
    'rejected',
  ],
  ['400 incomplete', answered(400, { message: 'Scenarios incomplete' }), 'rejected'],
  ['400 not ready', answered(400, { message: 'Test is not ready to run' }), 'rejected'],
  ['400 none found', answered(400, { message: 'No scenarios found for this test' }), 'rejected'],
  [
    '400 failed to start',
    answered(400, { message: 'Failed to start test execution: boom' }),
    'unknown',
  ],
  [
    '400 failed to start hosted',
    answered(400, { message: 'Failed to start hosted test execution' }),
    'unknown',
  ],
  ['400 failed to execute', answered(400, { message: 'Failed to execute test' }), 'unknown'],
  ['400 with other words', answered(400, { message: 'Something else' }), 'unknown'],
  ['400 with empty details', answered(400, { details: {}, message: 'Something else' }), 'unknown'],
  ['400 HTML', answered(400, HTML), 'unknown'],
  ['401', answered(401, { detail: 'Invalid token.' }), 'rejected'],
  ['402', answered(402, { message: 'Voice is not in your plan' }), 'rejected'],
  ['403', answered(403, {}), 'rejected'],
  ['404 JSON', answered(404, { message: 'Run test not found' }), 'rejected'],
  ['404 HTML', answered(404, HTML), 'rejected'],
  ['405', answered(405, ''), 'rejected'],
  ['406', answered(406, ''), 'rejected'],
  ['409', answered(409, { message: 'Conflict' }), 'unknown'],
  ['415', answered(415, ''), 'rejected'],
  ['422', answered(422, { message: 'Unprocessable' }), 'unknown'],
  ['429', answered(429, HTML), 'not-started'],
  ['500', answered(500, { message: 'Unexpected error' }), 'unknown'],
  ['502 HTML', answered(502, HTML), 'unknown'],
  ['503 with Retry-After', answered(503, HTML, '30'), 'unknown'],
  ['504', answered(504, ''), 'unknown'],
])('%s', (_name, exchange, kind) => {
  expect(classify(exchange, NOW).kind).toBe(kind);
});

test('an answer that is nested too deep to read is no proof of anything', () => {
  const body = `{"execution_id":"e-1","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  expect(classify(answered(200, body), NOW)).toEqual({
    kind: 'unknown',
    status: 200,
    message: 'the answer holds no readable execution_id',
  });
});

test('a start carries what the API says of the execution', () => {
  expect(classify(answered(200, STARTED), NOW)).toEqual({
    kind: 'started',
    status: 200,
    execution: {
      id: 'e-1',
      status: 'PENDING',
      totalScenarios: 2,
      totalCalls: 4,
      scenarioIds: ['s-1', 's-2'],
    },
  });
});

test('an answer in camelCase and capitals reads alike', () => {
  const body = {
    executionId: '3C90C3CC-0D44-4B50-8888-8DD25736052A',
    status: 'Started',
    totalScenarios: 1,
    totalCalls: 0,
    scenarioIds: ['5C1C30D3-7A39-4B94-9D34-5FF14D2B34F5'],
    anythingElse: { deep: [1] },
  };
  expect(classify(answered(200, body), NOW)).toEqual({
    kind: 'started',
    status: 200,
    execution: {
      id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      status: 'Started',
      totalScenarios: 1,
      totalCalls: 0,
      scenarioIds: ['5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5'],
    },
  });
});

test.each([
  [
    { scenarioIds: ['Unknown field.'], selectAll: ['Unknown field.'] },
    ['scenarioIds', 'selectAll'],
  ],
  [{ scenarioIds: 'Unknown field.' }, ['scenarioIds']],
  [{ scenarioIds: ['Unknown field.'], simulator_id: ['Must be a valid UUID.'] }, undefined],
  [{ scenarioIds: ['Unknown field.', 'Something else.'] }, undefined],
])('of the complaints %j the unknown fields are %j', (details, unknownFields) => {
  const outcome = classify(answered(400, { details }), NOW);
  expect(outcome.kind === 'rejected' && outcome.unknownFields).toEqual(unknownFields);
});

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Tue, 24 Nov 2026 02:01:30 GMT', 90_000],
  ['Tue, 24 Nov 2026 01:00:00 GMT', 0],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %s asks for %s ms', (header, wait) => {
  expect(classify(answered(429, '', header), NOW)).toEqual({
    kind: 'not-started',
    status: 429,
    message: 'no readable message',
    ...(wait !== undefined && { retryAfterMs: wait }),
  });
});

test.each([
  [
    { details: { scenarioIds: ['Unknown field.'], x: ['a', 'b'] } },
    'scenarioIds: Unknown field.; x: a,b',
  ],
  [{ message: 'No', error: { code: 1 } }, 'No'],
  [{ message: { nested: true }, detail: 'Invalid token.' }, 'Invalid token.'],
  [{ error: 'plain' }, 'plain'],
  [HTML, 'no readable message'],
  [{ message: '<html>' }, 'no readable message'],
  [{ message: 'Upstream said: <html><h1>Bad Gateway' }, 'no readable message'],
  [{ message: '<p>No</p>', detail: 'Not allowed' }, 'Not allowed'],
  [{ result: 'Too many requests' }, 'Too many requests'],
  [{ error: { message: 'Out of credits' } }, 'Out of credits'],
  [{ details: { x: ['<!DOCTYPE html><title>500'] }, message: 'No' }, 'No'],
  [{ message: 'at least 2 < 3 rows' }, 'at least 2 < 3 rows'],
  [{ details: { rows: { 0: ['Required.'] }, x: [{ toString: 1 }, 'a'] } }, 'rows; x: a'],
  [{ message: 'x'.repeat(1000) }, 'x'.repeat(300)],
])('the API’s own words of %j are kept short and free of HTML', (body, message) => {
  expect(classify(answered(403, body), NOW)).toEqual({ kind: 'rejected', status: 403, message });
});
