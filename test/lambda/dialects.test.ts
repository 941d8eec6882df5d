import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Dialect } from '../../lambda/api/dialect.ts';
import type { ExecuteRequest } from '../../lambda/firing/trigger.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { type StandInApi, startStandInApi } from '../../lib/local/stand-in/stand-in-api.ts';
import { openExecutions } from '../../lib/local/stand-in/stand-in-executions.ts';
import type { ServerDialect } from '../../lib/local/stand-in/stand-in-request.ts';
import { manualClock } from '../local/manual-clock.ts';
import { captureLog } from '../support/captured-log.ts';
import { apiOn, coreOn, NIGHTLY, newSecrets } from '../support/fixture.ts';
import { type MemoryLedger, startMemoryLedger } from '../support/memory-ledger.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const C = 'cccccccc-0000-4000-8000-000000000003';
const UNKNOWN = 'dddddddd-0000-4000-8000-000000000004';
const SCENARIOS = [
  { id: A, name: 'Alpha', rows: 1 },
  { id: B, name: 'Beta', rows: 1 },
  { id: C, name: 'Gamma', rows: 1 },
];
const PAIR = '{"apiKey":"a-key","secretKey":"a-secret"}';

const SELECTIONS = {
  all: { selectAll: true, scenarioIds: [] },
  'only A': { selectAll: false, scenarioIds: [A] },
  'all but A': { selectAll: true, scenarioIds: [A] },
  'only Beta': { selectAll: false, scenarioIds: [], scenarios: ['Beta'] },
  'all but Beta': { selectAll: true, scenarioIds: [], scenarios: ['Beta'] },
  'all but all': { selectAll: true, scenarioIds: [A, B, C] },
  unknown: { selectAll: false, scenarioIds: [UNKNOWN] },
} as const satisfies Record<string, ExecuteRequest>;

/** What the secret holds, and what `api.dialect` says. */
const KEYS = {
  single: ['a-key', undefined],
  pair: [PAIR, undefined],
  'pair, documented': [PAIR, 'documented'],
  'pair, key-pair': [PAIR, 'key-pair'],
} as const satisfies Record<string, readonly [string, Dialect | undefined]>;

const SERVERS: readonly ServerDialect[] = ['documented', 'key-pair', 'current', 'lenient'];

let memory: MemoryLedger;
const folder = mkdtempSync(join(tmpdir(), 'dialects-'));
const clock = manualClock('2026-11-24T02:00:00Z');
/** Each world has one of its own. */
const runTests = new Map<string, typeof SCENARIOS>();
const apis = new Map<ServerDialect, StandInApi>();
const fileOf = (server: ServerDialect) => join(folder, `${server}.jsonl`);
beforeAll(async () => {
  memory = await startMemoryLedger();
  for (const server of SERVERS) {
    const options = { runTests, apiKey: () => PAIR, server, file: fileOf(server), clock };
    apis.set(server, await startStandInApi(options));
  }
});
afterAll(async () => {
  await Promise.all([memory, ...apis.values()].map((each) => each.stop()));
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  captureLog();
});

let count = 0;

function world(server: ServerDialect, keys: keyof typeof KEYS) {
  const api = apis.get(server);
  if (!api) throw new Error(`no server ${server}`);
  const runTestId = randomUUID();
  runTests.set(runTestId, SCENARIOS);
  const [secret, apiDialect] = KEYS[keys];
  const secrets = { ...newSecrets(), 'api-key': secret };
  const core = coreOn(memory, api, clock, secrets, [], { ...(apiDialect && { apiDialect }) });
  const fire = (execute: ExecuteRequest) => {
    count += 1;
    const triggers = { [`t-${count}`]: { ...NIGHTLY, runTestId, execute } };
    const event = { trigger: `t-${count}`, requestId: 'once' };
    return trigger(event, triggers, core, new Date(clock.now().getTime() + 60_000));
  };
  return {
    core,
    fire,
    /** Each execute request: the credentials' form and the literal body, ids as letters. */
    posts: () =>
      api.received
        .filter(({ method, path }) => method === 'POST' && path.includes(runTestId))
        .map(({ headers, body }) => {
          expect(Boolean(headers.authorization) && Boolean(headers['x-api-key'])).toBe(false);
          return `${headers.authorization ? 'Bearer' : 'pair'} ${inLetters(body)}`;
        }),
    executions: () =>
      openExecutions(fileOf(server))
        .of(runTestId)
        .map(({ scenarioIds }) => inLetters(scenarioIds.join(''))),
  };
}

function inLetters(text: string): string {
  return [A, B, C, UNKNOWN].reduce(
    (rest, id) => rest.replaceAll(id, id.charAt(0).toUpperCase()),
    text,
  );
}

type Row = readonly [ServerDialect, keyof typeof KEYS, keyof typeof SELECTIONS, string, string];
/** The table: every server, every form of the secret, every selection. */
const ROWS = readFileSync(new URL('./dialects.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('|').map((cell) => cell.trim()) as unknown as Row);

test('the table has a row for every combination', () => {
  expect(ROWS.length).toBe(4 * 4 * 7);
  expect(new Set(ROWS.map((row) => row.slice(0, 3).join())).size).toBe(ROWS.length);
});

test.each(ROWS)('%s server, %s key, %s', async (server, keys, selection, requests, ran) => {
  const { fire, posts, executions } = world(server, keys);
  const { state } = await fire(SELECTIONS[selection]);
  expect(posts().join(' then ') || 'none').toBe(requests);
  expect(executions()).toEqual(ran === 'none' ? [] : [ran]);
  expect(state).toBe(ran === 'none' ? 'rejected' : 'started');
});

test('the casing that a server accepts is logged once and remembered', async () => {
  const log = captureLog();
  const { fire, posts } = world('current', 'pair, key-pair');
  await fire(SELECTIONS.all);
  await fire(SELECTIONS['all but A']);
  expect(posts()).toEqual([
    'pair {"selectAll":true,"scenarioIds":[],"select_all":true,"scenario_ids":[]}',
    'pair {"select_all":true,"scenario_ids":[]}',
    'pair {"select_all":false,"scenario_ids":["B","C"]}',
  ]);
  expect(log.filter(({ event }) => event === 'casing_accepted')).toEqual([
    {
      event: 'casing_accepted',
      firing: expect.stringMatching(/:command:once$/),
      trigger: expect.any(String),
      casing: 'snake_case',
    },
  ]);
});

test('a single key with a dialect of key pairs is refused before anything is sent', async () => {
  const { fire, core, posts } = world('current', 'single');
  const { api, now, readSecret } = core;
  Object.assign(core, { api: apiOn(api.baseUrl, readSecret, now, { apiDialect: 'current' }) });
  expect(await fire(SELECTIONS.all)).toMatchObject({
    state: 'rejected',
    message:
      'Secret api-key is a single key, but api.dialect current needs a pair: set it to {"apiKey":"…","secretKey":"…"}',
  });
  expect(posts()).toEqual([]);
});
