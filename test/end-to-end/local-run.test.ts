import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ListTablesCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { runFixture } from '../support/local-run.ts';
import { ledgerClient, operatorHeader } from '../support/operator.ts';

/** The example, run as `npm start` runs it. */
const state = mkdtempSync(join(tmpdir(), 'end-to-end-'));
const lines: string[] = [];
const answers: string[] = [];
let told = 0;
/** The local run's clock. */
let aheadMs = 0;
let run: LocalRun;
beforeAll(async () => {
  run = await runFixture('triggers', {
    stateDirectory: state,
    clock: { ...systemClock, now: () => new Date(Date.now() + aheadMs) },
    log: ({ line }) => lines.push(line),
    notice: (text) => lines.push(text),
  });
});
afterAll(async () => {
  await run.stop();
  rmSync(state, { recursive: true });
});

function secrets(): Record<string, string> {
  return JSON.parse(readFileSync(run.secretsFile, 'utf8'));
}

async function post(path: string, body = '', headers: Record<string, string> = {}) {
  const response = await fetch(run.url + path, {
    method: 'POST',
    body,
    headers: { ...operatorHeader(state), ...headers },
  });
  const text = await response.text();
  answers.push(text);
  return { status: response.status, body: JSON.parse(text) };
}

function deliver(id: string, trigger: string, body: string) {
  const secret = secrets()[`run-test-trigger/webhooks/${trigger}`] ?? '';
  const now = new Date();
  return post(`/hooks/${trigger}`, body, {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  });
}

/** The functions' log since the last call, without what differs from run to run. */
function logged(): unknown[] {
  const since = lines.slice(told);
  told = lines.length;
  return since.flatMap((line) => {
    const { level, message } = JSON.parse(line);
    const { latency_ms: _, ...rest } = message;
    return rest.event === 'function_started' ? [] : { level, ...rest };
  });
}

function received() {
  return (run.standIn?.received ?? [])
    .filter(({ method }) => method === 'POST')
    .map(({ method, path, headers, body }) => ({
      method,
      path,
      authorization: headers.authorization,
      type: headers['content-type'],
      length: headers['content-length'],
      chunked: headers['transfer-encoding'],
      body,
    }));
}

/** A scheduled time within the start deadline: the functions run on the machine's clock. */
const SCHEDULED = `${new Date().toISOString().slice(0, 16)}:00Z`;

test('a schedule fires once, and the API receives the documented request', async () => {
  const path = `/_local/schedules/nightly-regression/early?scheduledTime=${SCHEDULED}`;
  const first = await post(path);
  const firing = `nightly-regression:schedule-early:${SCHEDULED}`;
  expect(first.body).toMatchObject({ firing, state: 'started', status: 'PENDING' });
  const { execution_id } = first.body;
  expect((await post(path)).body).toEqual({ ...first.body, duplicate: true });
  const key = secrets()['run-test-trigger/api-key'];
  expect(received()).toEqual([
    {
      method: 'POST',
      path: '/simulate/run-tests/3c90c3cc-0d44-4b50-8888-8dd25736052a/execute/',
      authorization: `Bearer ${key}`,
      type: 'application/json',
      length: '35',
      chunked: undefined,
      body: '{"selectAll":true,"scenarioIds":[]}',
    },
  ]);
  const trigger = 'nightly-regression';
  expect(logged()).toEqual([
    {
      level: 'INFO',
      event: 'firing_recorded',
      firing,
      trigger,
      cause: { kind: 'schedule', schedule: 'early', scheduledTime: SCHEDULED },
    },
    {
      level: 'INFO',
      event: 'execution_started',
      firing,
      trigger,
      run_test_id: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
      attempt: 1,
      http_status: 200,
      execution_id,
      status: 'PENDING',
      total_scenarios: 4,
      total_calls: 7,
      scenario_ids: expect.any(Array),
    },
    { level: 'INFO', event: 'firing_duplicated', firing, trigger, state: 'started', execution_id },
  ]);
});

test('a signed delivery fires once', async () => {
  const before = received().length;
  const once = () => deliver('msg_1', 'checkout-after-deploy', '{"environment":"production"}');
  const first = await once();
  expect(first).toMatchObject({
    status: 202,
    body: { firing: 'checkout-after-deploy:delivery:msg_1', status_url: expect.any(String) },
  });
  // On a busy machine the start can take longer than the answer waits for it.
  await expect.poll(async () => (await once()).body.state, { timeout: 20_000 }).toBe('started');
  const again = await once();
  expect(again).toEqual({
    status: 200,
    body: {
      firing: 'checkout-after-deploy:delivery:msg_1',
      trigger: 'checkout-after-deploy',
      duplicate: true,
      state: 'started',
      execution_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'PENDING',
      total_scenarios: 2,
      total_calls: expect.any(Number),
      summary: 'Started. Its execution is followed to its end.',
      status_url: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:\d+\/hooks\/checkout-after-deploy\/firings\/checkout-after-deploy%3Adelivery%3Amsg_1$/,
      ),
    },
  });
  expect(received().slice(before)).toMatchObject([
    {
      path: '/simulate/run-tests/8f14e45f-ceea-467f-a0e6-2d7d1a9c1b54/execute/',
      body: '{"selectAll":false,"scenarioIds":["5b8a3f0e-6c1d-4a57-9e0b-7f2c4d1e9a33","c9d1b6a2-0f4e-4c83-8b7a-1e5d3f6a2b90"]}',
      length: '113',
    },
  ]);
  expect(logged().filter((event) => Object(event).event !== 'firing_duplicated')).toMatchObject([
    { event: 'firing_recorded', cause: { kind: 'delivery', deliveryId: 'msg_1' } },
    { event: 'execution_started', execution_id: again.body.execution_id },
  ]);
});

test('an unsigned request gets nothing', async () => {
  const before = received().length;
  expect(await post('/hooks/nightly-regression', '{}')).toEqual({
    status: 401,
    body: { error: 'unverified' },
  });
  expect(received()).toHaveLength(before);
  expect(logged()).toEqual([
    {
      level: 'WARN',
      event: 'delivery_refused',
      trigger: 'nightly-regression',
      message: 'a webhook-* header is missing',
    },
  ]);
});

test('copies of one event in four processes at the same time start one execution', async () => {
  const before = received().length;
  // By then the executions of the tests before are over, which overlap policies ask for.
  aheadMs = 60_000;
  const path = `/_local/schedules/nightly-regression/early?scheduledTime=${SCHEDULED.replace(':00Z', ':30Z')}`;
  const copies = await Promise.all(Array.from({ length: 4 }, () => post(path)));
  expect(received()).toHaveLength(before + 1);
  const started = copies.filter(({ body }) => body.state === 'started' && !body.duplicate);
  expect(started).toHaveLength(1);
  logged();
});

test('the values of the secrets are in no template, bundle, log, ledger item or answer', async () => {
  const ledger = await ledgerClient(state);
  const { TableNames } = await ledger.send(new ListTablesCommand({}));
  const { Items } = await ledger.send(new ScanCommand({ TableName: TableNames?.[0] }));
  const [fn] = inject('stacks').triggers.assembly.functions;
  const assembly = dirname(fn?.assetDirectory ?? '');
  const firings = Items?.filter(({ id }) => !id?.S?.startsWith('/'));
  expect(firings).toHaveLength(3);
  const files = [state, assembly]
    .flatMap((directory) => readdirSync(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== 'secrets.json')
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(files.some((text) => text.includes('execution_started'))).toBe(true);
  const everything = [...files, ...lines, ...answers, JSON.stringify(Items)];
  for (const value of [...Object.values(secrets()), 'stand-in-']) {
    expect(everything.filter((text) => text.includes(value))).toEqual([]);
  }
});
