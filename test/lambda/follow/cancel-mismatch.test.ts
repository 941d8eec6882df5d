import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { parseJson } from '../../../lambda/api/json.ts';
import type { Policies } from '../../../lambda/firing/policy.ts';
import type { Ledger } from '../../../lambda/ledger/ledger.ts';
import { sweep } from '../../../lambda/sweep/sweep.ts';
import { trigger } from '../../../lambda/trigger/trigger.ts';
import { serveLoopback } from '../../../lib/local/server/http-server.ts';
import { captureLog } from '../../support/captured-log.ts';
import { type Clock, clockAt } from '../../support/clock.ts';
import { type Core, coreOn, NIGHTLY, publishNow } from '../../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const OWN = 'eeeeeeee-0000-4000-8000-000000000001';
const NEWER = 'eeeeeeee-0000-4000-8000-000000000002';
const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';

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

/** A server that runs A and B whatever was asked for. `status` undefined: it cannot be read. */
async function server(start: {
  status?: string;
  latest?: string;
  latestStatus?: string;
  cancelStatus?: number;
}) {
  const api = { url: '', status: start.status, requests: [] as string[] };
  const { latest = OWN, cancelStatus = 200 } = start;
  const answers: Record<string, () => [number, object]> = {
    [`POST /simulate/run-tests/${RUN_TEST}/execute/`]: () => [
      200,
      { executionId: OWN, status: 'started', scenarioIds: [A, B.toUpperCase()] },
    ],
    [`GET /simulate/run-tests/${RUN_TEST}/status/`]: () =>
      api.status
        ? [200, { execution_id: latest, status: start.latestStatus ?? api.status }]
        : [502, {}],
    [`GET /simulate/test-executions/${OWN}/?page=1&limit=1`]: () =>
      api.status ? [200, { id: OWN, status: api.status }] : [502, {}],
    [`POST /simulate/test-executions/${OWN}/cancel/`]: () => [cancelStatus, { success: true }],
  };
  const listening = await serveLoopback(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    if (!line.includes('/executions/')) api.requests.push(line);
    const [status, body] = answers[line]?.() ?? [404, {}];
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  onTestFinished(() => listening.stop());
  api.url = listening.url;
  return api;
}

let count = 0;

async function fire(core: Core, onMismatch?: Policies['onMismatch']) {
  count += 1;
  const name = `t-${count}`;
  const execute = { selectAll: false, scenarioIds: [A] };
  const triggers = { [name]: { ...NIGHTLY, execute, ...(onMismatch && { onMismatch }) } };
  const until = inMinutes(1);
  const report = await trigger({ trigger: name, requestId: 'once' }, triggers, core, until);
  await publishNow(report.firing, core);
  return report;
}

function inMinutes(minutes: number): Date {
  return new Date(clock.now().getTime() + minutes * 60_000);
}

const CANCEL = `POST /simulate/test-executions/${OWN}/cancel/`;
const cancels = ({ requests }: { requests: string[] }) =>
  requests.filter((line) => line.endsWith('/cancel/'));

test('an execution of more than was asked for is reported and left alone', async () => {
  const api = await server({ status: 'RUNNING' });
  const report = await fire(coreOn(memory, api, clock));
  expect(report).toMatchObject({
    state: 'started',
    execution_id: OWN,
    selection_mismatch: { surplus: [B], missing: [] },
  });
  const firing = await memory.ledger.read(report.firing);
  expect(firing).toMatchObject({ mismatch: { surplus: [B], missing: [] } });
  expect(firing?.nextCheckAt).toBeUndefined();
  expect(log.find(({ event }) => event === 'selection_mismatched')).toEqual({
    event: 'selection_mismatched',
    firing: report.firing,
    trigger: firing?.trigger,
    run_test_id: RUN_TEST,
    attempt: 1,
    http_status: 200,
    latency_ms: 0,
    execution_id: OWN,
    surplus: [B],
    missing: [],
    on_mismatch: 'report',
  });
  expect(api.requests).toEqual([`POST /simulate/run-tests/${RUN_TEST}/execute/`]);
});

// status of the execution, latest execution of the run test, answer to the cancelling, what becomes of it
test.each([
  ['RUNNING', OWN, 200, 1, 'cancelled', 'mismatch_cancelled'],
  ['pending', OWN, 200, 1, 'cancelled', 'mismatch_cancelled'],
  ['Something new', OWN, 200, 1, 'cancelled', 'mismatch_cancelled'],
  ['Running', NEWER, 200, 1, 'cancelled', 'mismatch_cancelled'],
  ['Completed', OWN, 200, 0, 'not-needed', 'mismatch_cancel_skipped'],
  ['COMPLETED', NEWER, 200, 0, 'not-needed', 'mismatch_cancel_skipped'],
  ['cancelling', OWN, 200, 0, 'not-needed', 'mismatch_cancel_skipped'],
  ['failed', OWN, 200, 0, 'not-needed', 'mismatch_cancel_skipped'],
  ['running', OWN, 403, 1, 'failed', 'mismatch_cancel_failed'],
  ['running', OWN, 502, 1, 'failed', 'mismatch_cancel_failed'],
] as const)(
  'an execution that is %s (the latest is %s), cancelling answered with %i, gets %i requests and is %s',
  async (status, latest, cancelStatus, requests, cancel, event) => {
    const api = await server({ status, latest, cancelStatus });
    const { firing: id } = await fire(coreOn(memory, api, clock), 'cancel');
    const firing = await memory.ledger.read(id);
    expect(cancels(api)).toEqual(Array(requests).fill(CANCEL));
    expect(firing).toMatchObject({
      state: 'started',
      execution: { id: OWN },
      mismatch: { cancel },
    });
    expect(firing?.nextCheckAt).toBeUndefined();
    expect(log.at(-1)).toMatchObject({ event, firing: id, execution_id: OWN });
  },
);

test.each([
  ['COMPLETED', 'RUNNING', 1, 'cancelled'],
  ['RUNNING', 'COMPLETED', 0, 'not-needed'],
])('a newer execution that is %s says nothing of one that is %s', async (...row) => {
  const [latestStatus, status, requests, cancel] = row;
  const api = await server({ status, latest: NEWER, latestStatus });
  const { firing } = await fire(coreOn(memory, api, clock), 'cancel');
  expect(cancels(api)).toEqual(Array(requests).fill(CANCEL));
  expect(await memory.ledger.read(firing)).toMatchObject({ mismatch: { cancel } });
});

test('while the status cannot be read nothing is cancelled, and after half an hour a person is asked', async () => {
  const api = await server({});
  const core = coreOn(memory, api, clock);
  const { firing: id } = await fire(core, 'cancel');
  expect((await memory.ledger.read(id))?.mismatch?.cancel).toBe('due');
  for (let minute = 0; minute < 32; minute += 4) {
    clock.advance(4);
    await sweep(core, inMinutes(1.5));
  }
  expect(cancels(api)).toEqual([]);
  expect((await memory.ledger.read(id))?.mismatch?.cancel).toBe('failed');
  expect(log.find(({ event }) => event === 'mismatch_cancel_failed')).toMatchObject({
    message: 'Its status cannot be read: HTTP 502',
    what_to_do: 'Look at the execution in Future AGI and cancel it there if it is still running.',
  });
});

test('once the status can be read again the next sweep cancels', async () => {
  const api = await server({});
  const core = coreOn(memory, api, clock);
  const { firing: id } = await fire(core, 'cancel');
  api.status = 'RUNNING';
  clock.advance(2);
  await Promise.all([sweep(core, inMinutes(1.5)), sweep(core, inMinutes(1.5))]);
  expect(cancels(api)).toEqual([CANCEL]);
  expect((await memory.ledger.read(id))?.mismatch?.cancel).toBe('cancelled');
});

/** The ledger of a function that dies at its nth write. */
function dyingAt(write: number, ledger: Ledger): Ledger {
  let writes = 0;
  return {
    ...ledger,
    write: async (from, to) => {
      writes += 1;
      if (writes >= write) throw new Error('killed');
      return ledger.write(from, to);
    },
  };
}

// the write that never happens, status found after the crash, cancel requests in all, what becomes of it
test.each([
  ['before the claim', 3, 'RUNNING', 1, 'cancelled'],
  ['between request and record', 4, 'CANCELLED', 1, 'not-needed'],
  ['between request and record, without effect', 4, 'RUNNING', 1, 'failed'],
])('a crash %s never cancels twice', async (_name, write, statusAfter, requests, cancel) => {
  const api = await server({ status: 'RUNNING' });
  const core = coreOn(memory, api, clock);
  const dying = { ...core, ledger: dyingAt(write, core.ledger) };
  await expect(fire(dying, 'cancel')).rejects.toThrow('killed');
  api.status = statusAfter;
  for (let minute = 0; minute < 6; minute += 1) {
    clock.advance(1);
    await sweep(core, inMinutes(1.5));
  }
  expect(cancels(api)).toEqual(Array(requests).fill(CANCEL));
  const firing = await memory.ledger.read(`t-${count}:command:once`);
  expect(firing).toMatchObject({ state: 'started', mismatch: { cancel } });
  expect(firing?.nextCheckAt).toBeUndefined();
});

test('a request to cancel has no body', async () => {
  const { cancelRequest } = await import('../../../lambda/api/future-agi.ts');
  const key = { dialect: 'current', apiKey: 'a', secretKey: 's' } as const;
  const { url, body } = cancelRequest('https://api.futureagi.com//', OWN, key);
  expect(url.href).toBe(`https://api.futureagi.com/simulate/test-executions/${OWN}/cancel/`);
  expect(parseJson(body ?? '-')).toBeUndefined();
  expect(body).toBe('');
});
