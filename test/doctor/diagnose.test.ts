import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Dialect } from '../../lambda/api/dialect.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { diagnose } from '../../lib/doctor/diagnose.ts';
import { serveLoopback } from '../../lib/local/server/http-server.ts';
import { startStandInApi } from '../../lib/local/stand-in/stand-in-api.ts';
import type { ServerDialect } from '../../lib/local/stand-in/stand-in-request.ts';
import { temporaryDirectory } from '../local/hand-written-stack.ts';
import { manualClock } from '../local/manual-clock.ts';
import { NIGHTLY } from '../support/fixture.ts';

const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const EMPTY = '8f14e45f-ceea-467f-a0e6-2d7d1a9c1b54';
const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const C = 'cccccccc-0000-4000-8000-000000000003';
const PAIR = '{"apiKey":"a-key","secretKey":"a-secret"}';
const PROBE = '/simulate/run-tests/00000000-0000-4000-8000-000000000000/execute/';
const LIMITS = { connectMs: 500, totalMs: 1_000 };

interface Case {
  readonly secretValue?: string;
  readonly apiDialect?: Dialect;
  readonly triggers?: Record<string, Trigger>;
}

async function examine(server: ServerDialect, { secretValue = PAIR, apiDialect, triggers }: Case) {
  const api = await startStandInApi({
    runTests: new Map([
      [
        RUN_TEST,
        [
          { id: A, name: 'Alpha', rows: 2 },
          { id: B, name: 'Beta', rows: 3 },
          { id: C, name: 'Gamma', rows: 0 },
        ],
      ],
      [EMPTY, []],
    ]),
    namedRunTests: [{ id: RUN_TEST, name: 'Checkout regression' }],
    apiKey: () => PAIR,
    server,
    file: join(temporaryDirectory(), 'executions.jsonl'),
    clock: manualClock('2026-11-24T02:00:00Z'),
  });
  onTestFinished(() => api.stop());
  const config = { apiKeySecret: 'api-key', triggers: triggers ?? {} };
  const diagnosis = await diagnose({
    baseUrl: api.url,
    secretValue,
    config: { ...config, ...(apiDialect && { apiDialect }) },
    limits: LIMITS,
    setKey: 'Set a valid one.',
  });
  const posts = api.received.filter(({ method }) => method === 'POST').map(({ path }) => path);
  expect([...new Set(posts)]).toEqual([PROBE]);
  expect(JSON.stringify(diagnosis)).not.toMatch(/a-key|a-secret/);
  return diagnosis;
}

// server, secret, api.dialect, dialect advised, fields, what becomes of unknown ones, problems
test.each([
  ['documented', 'a-key', undefined, 'documented', 'camelCase', 'ignored', []],
  [
    'documented',
    PAIR,
    undefined,
    'documented',
    'camelCase',
    'ignored',
    ['The server does not speak current: set api.dialect: documented'],
  ],
  [
    'key-pair',
    PAIR,
    undefined,
    'key-pair',
    'camelCase',
    'refused',
    ['The server does not speak current: set api.dialect: key-pair'],
  ],
  ['key-pair', PAIR, 'key-pair', 'key-pair', 'camelCase', 'refused', []],
  ['current', PAIR, undefined, 'current', 'snake_case', 'refused', []],
  ['current', PAIR, 'key-pair', 'key-pair', 'snake_case', 'refused', []],
  [
    'current',
    PAIR,
    'documented',
    'current',
    'snake_case',
    'refused',
    ['The server does not speak documented: set api.dialect: current'],
  ],
  ['lenient', PAIR, undefined, 'current', 'snake_case', 'ignored', []],
] as const)(
  'a %s server, asked with %s and api.dialect %s, wants %s',
  async (server, secretValue, apiDialect, advised, fields, unknownFields, problems) => {
    const diagnosis = await examine(server, { secretValue, ...(apiDialect && { apiDialect }) });
    expect(diagnosis).toMatchObject({ advised, problems });
    expect(diagnosis.server.map(({ probe }) => probe)).toContainEqual({
      kind: 'answers',
      fields,
      unknownFields,
    });
  },
);

test('a key that works in no form is reported with cause and remedy', async () => {
  expect(await examine('current', { secretValue: 'a-key' })).toEqual({
    configured: 'documented',
    server: [
      {
        credentials: 'bearer',
        probe: {
          kind: 'refused',
          status: 401,
          message: 'Authentication credentials were not provided or are invalid.',
          cause: 'The key is invalid, or it is of the kind that this server does not take.',
          remedy: expect.stringMatching(/^Set a valid API key: npx rtt secret set NAME /),
        },
      },
    ],
    triggers: [],
    problems: [
      expect.stringMatching(
        /^Authentication credentials .* \(HTTP 401\)\. The key is invalid.*\. Set a valid one\.$/,
      ),
    ],
  });
});

test('a server that is not there is reported, once for all forms of the key', async () => {
  const diagnosis = await diagnose({
    baseUrl: 'http://127.0.0.1:9',
    secretValue: PAIR,
    config: { apiKeySecret: 'api-key', triggers: {} },
    limits: LIMITS,
    setKey: 'Set a valid one.',
  });
  expect(diagnosis.problems).toEqual([
    'The server cannot be reached: connect ECONNREFUSED 127.0.0.1:9. Check FI_BASE_URL where it is set, else api.baseUrl in triggers.yaml.',
  ]);
});

test('a secret that holds no key is reported without its value', async () => {
  const diagnosis = await diagnose({
    baseUrl: 'http://127.0.0.1:9',
    secretValue: '{"apiKey":"two words"}',
    config: { apiKeySecret: 'api-key', triggers: {} },
    limits: LIMITS,
    setKey: 'Set a valid one.',
  });
  expect(diagnosis).toEqual({
    server: [],
    triggers: [],
    problems: [
      'Secret api-key is not an API key: set it to the plain key, {"apiKey":"…"} or {"apiKey":"…","secretKey":"…"}',
    ],
  });
});

test('where a server does not tell how many rows a scenario has, no calls are told either', async () => {
  const server = await serveLoopback(async (request, response) => {
    const isList = request.url?.includes('/scenarios/') ?? false;
    const results = [
      { id: A, name: 'Alpha', row_count: 2 },
      { id: B, name: 'Beta' },
    ];
    response.writeHead(isList ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isList ? { results } : { message: 'Run test not found' }));
  });
  onTestFinished(() => server.stop());
  const { triggers } = await diagnose({
    baseUrl: server.url,
    secretValue: PAIR,
    config: { apiKeySecret: 'api-key', triggers: { nightly: NIGHTLY } },
    limits: LIMITS,
    setKey: 'Set a valid one.',
  });
  expect(triggers).toEqual([
    {
      trigger: 'nightly',
      runTestId: RUN_TEST,
      scenarios: [
        { id: A, name: 'Alpha', rows: 2 },
        { id: B, name: 'Beta' },
      ],
      problems: [],
    },
  ]);
});

test('every trigger is told what it would run and what stands in its way', async () => {
  const { runTestId: _, ...named } = NIGHTLY;
  const { triggers } = await examine('current', {
    triggers: {
      sound: { ...NIGHTLY, execute: { selectAll: true, scenarioIds: [C] } },
      'by-name': {
        ...named,
        runTest: 'Checkout regression',
        execute: { selectAll: false, scenarioIds: [], scenarios: ['Beta'] },
      },
      incomplete: NIGHTLY,
      empty: { ...NIGHTLY, runTestId: EMPTY },
      elsewhere: { ...NIGHTLY, runTestId: A },
      misspelt: { ...named, runTest: 'Chekout' },
      'unknown-scenario': { ...NIGHTLY, execute: { selectAll: false, scenarioIds: [EMPTY] } },
    },
  });
  const shown = triggers.map(({ trigger, runTestId, scenarios, calls, problems }) => [
    trigger,
    runTestId,
    scenarios?.map(({ name }) => name),
    calls,
    problems,
  ]);
  const has = `it has "Alpha" (${A}), "Beta" (${B}), "Gamma" (${C})`;
  expect(shown).toEqual([
    ['sound', RUN_TEST, ['Alpha', 'Beta'], 5, []],
    ['by-name', RUN_TEST, ['Beta'], 3, []],
    [
      'incomplete',
      RUN_TEST,
      ['Alpha', 'Beta', 'Gamma'],
      5,
      [
        `The scenario "Gamma" (${C}) has no rows, so it would make no call: complete it in Future AGI`,
      ],
    ],
    ['empty', EMPTY, [], 0, ['The run test has no scenarios: attach one in Future AGI']],
    [
      'elsewhere',
      A,
      undefined,
      undefined,
      [
        'The run test’s scenarios cannot be read: Run test not found. (HTTP 404). Check runTestId in triggers.yaml: no such run test is visible to this API key.',
      ],
    ],
    [
      'misspelt',
      undefined,
      undefined,
      undefined,
      [
        `No run test called "Chekout" is visible to this API key; there are: "Checkout regression" (${RUN_TEST}). Check runTest in triggers.yaml.`,
      ],
    ],
    [
      'unknown-scenario',
      RUN_TEST,
      undefined,
      undefined,
      [`The run test has no scenario ${EMPTY}; ${has}`],
    ],
  ]);
});
