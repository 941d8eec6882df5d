import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { receive } from '../../../lambda/webhook/receive.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, signedDelivery } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';
import { json, type RemoteApi, startRemoteApi } from '../../support/remote-api.ts';

const { webhook: _, ...UNHOOKED } = NIGHTLY;
const TRIGGERS = { nightly: NIGHTLY, unhooked: UNHOOKED };

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

let clock: Clock;
let api: RemoteApi;
let core: Core;
let log: Record<string, unknown>[];
beforeEach(async () => {
  log = captureLog();
  clock = clockAt('2026-11-24T02:00:00Z');
  api = await startRemoteApi({ now: clock.now });
  core = coreOn(memory, api, clock);
  return api.stop;
});

let count = 0;
/** A delivery id that no other test uses. */
function freshId(): string {
  count += 1;
  return `msg_${count}`;
}

/** Receives a delivery that was signed now. */
const deliver = (id = freshId(), body = '{}') =>
  receive(signedDelivery(id, clock.now(), body), TRIGGERS, core);

test('a delivery starts an execution and is answered with it; its repetition gets the same', async () => {
  const event = signedDelivery('msg_first', clock.now(), '{"ref":"main"}');
  const first = await receive(event, TRIGGERS, core);
  const executionId = api.executions[0]?.id;
  expect({ ...first, body: JSON.parse(first.body) }).toEqual({
    statusCode: 202,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      location: 'https://hooks.example.com/hooks/nightly/firings/nightly%3Adelivery%3Amsg_first',
    },
    body: {
      firing: 'nightly:delivery:msg_first',
      trigger: 'nightly',
      state: 'started',
      summary: 'Started.',
      execution_id: executionId,
      status: 'PENDING',
      total_scenarios: 2,
      total_calls: 4,
      status_url: 'https://hooks.example.com/hooks/nightly/firings/nightly%3Adelivery%3Amsg_first',
    },
  });
  const again = await receive(event, TRIGGERS, core);
  expect(again.statusCode).toBe(200);
  expect(JSON.parse(again.body)).toEqual({ ...JSON.parse(first.body), duplicate: true });
  expect(api.posts).toHaveLength(1);
  expect(log).toEqual([
    {
      event: 'firing_recorded',
      firing: 'nightly:delivery:msg_first',
      trigger: 'nightly',
      cause: { kind: 'delivery', deliveryId: 'msg_first' },
    },
    {
      event: 'execution_started',
      firing: 'nightly:delivery:msg_first',
      trigger: 'nightly',
      run_test_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      attempt: 1,
      http_status: 200,
      latency_ms: 0,
      execution_id: executionId,
      status: 'PENDING',
      total_scenarios: 2,
      total_calls: 4,
      scenario_ids: [
        '5c1c30d3-7a39-4b94-9d34-5ff14d2b34f5',
        'f3a3b7b7-6b0c-4d3a-8a50-0a4f8b2b7a11',
      ],
    },
    {
      event: 'firing_duplicated',
      firing: 'nightly:delivery:msg_first',
      trigger: 'nightly',
      state: 'started',
      execution_id: executionId,
    },
  ]);
});

test('the API receives the documented request', async () => {
  await deliver();
  const [post] = api.posts;
  expect(post?.path).toBe('/simulate/run-tests/3c90c3cc-0d44-4b50-8888-8dd25736052a/execute/');
  expect(post?.body).toBe('{"selectAll":true,"scenarioIds":[]}');
  expect(post?.headers).toMatchObject({
    authorization: 'Bearer fi-key-1234567890',
    'content-type': 'application/json',
    'content-length': '35',
  });
  expect(post?.headers).not.toHaveProperty('transfer-encoding');
});

test('a body that API Gateway encoded is verified as the bytes it was', async () => {
  const event = signedDelivery(freshId(), clock.now(), '{"a":"ü"}');
  const body = Buffer.from(event.body).toString('base64');
  expect(
    (await receive({ ...event, body, isBase64Encoded: true }, TRIGGERS, core)).statusCode,
  ).toBe(202);
});

test('header names in capitals are the same headers', async () => {
  const { headers, ...event } = signedDelivery(freshId(), clock.now());
  const capitals = Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]);
  const answer = await receive({ ...event, headers: Object.fromEntries(capitals) }, TRIGGERS, core);
  expect(answer.statusCode).toBe(202);
});

type Event = ReturnType<typeof signedDelivery>;
const withHeaders = (event: Event, headers: object): Event => ({
  ...event,
  headers: { ...event.headers, ...headers },
});

test.each<[string, (event: Event) => Event, string]>([
  [
    'an unknown trigger',
    (event) => ({ ...event, pathParameters: { trigger: 'weekly' } }),
    'no such trigger',
  ],
  [
    'a prototype’s name',
    (event) => ({ ...event, pathParameters: { trigger: '__proto__' } }),
    'no such trigger',
  ],
  [
    'a trigger without webhook',
    (event) => ({ ...event, pathParameters: { trigger: 'unhooked' } }),
    'the trigger has no webhook',
  ],
  [
    'no headers',
    (event) => ({ ...event, headers: {} as Event['headers'] }),
    'a webhook-* header is missing',
  ],
  ['a changed body', (event) => ({ ...event, body: '{ }' }), 'no signature matches'],
  [
    'a changed id',
    (event) => withHeaders(event, { 'webhook-id': 'msg_x' }),
    'no signature matches',
  ],
  [
    'a stale delivery',
    () => signedDelivery(freshId(), new Date('2026-11-24T01:54:59Z')),
    'webhook-timestamp is off by 301 s',
  ],
  [
    'a delivery from the future',
    () => signedDelivery(freshId(), new Date('2026-11-24T02:05:01Z')),
    'webhook-timestamp is off by -301 s',
  ],
])('%s gets the one 401 and nothing else', async (_name, change, reason) => {
  const answer = await receive(change(signedDelivery(freshId(), clock.now())), TRIGGERS, core);
  expect(answer).toEqual({
    statusCode: 401,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"error":"unverified"}',
  });
  expect(log).toMatchObject([{ event: 'delivery_refused', message: reason }]);
  expect(api.posts).toEqual([]);
});

test.each([
  [1_048_576, 202],
  [1_048_577, 413],
])('a body of %i bytes is answered with %i', async (size, status) => {
  expect((await deliver(freshId(), 'x'.repeat(size))).statusCode).toBe(status);
});

test('a refusal of the API is a 502 with the firing, the reason and what to do', async () => {
  api.treatment = ({ response }) => json(response, 404, { message: 'Run test not found' });
  const id = freshId();
  const answer = await deliver(id);
  expect(answer.statusCode).toBe(502);
  expect(JSON.parse(answer.body)).toEqual({
    firing: `nightly:delivery:${id}`,
    trigger: 'nightly',
    state: 'rejected',
    summary: 'Not started: refused.',
    status_url: `https://hooks.example.com/hooks/nightly/firings/nightly%3Adelivery%3A${id}`,
    message:
      'Run test not found (HTTP 404). Check runTestId in triggers.yaml: no such run test is visible to this API key.',
  });
});

test('an unknown outcome is a 202 with the firing and its state', async () => {
  api.treatment = ({ response }) => json(response, 500, {});
  const answer = await deliver();
  expect(answer.statusCode).toBe(202);
  expect(JSON.parse(answer.body)).toMatchObject({ state: 'unknown' });
});
