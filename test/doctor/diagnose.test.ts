import { expect, onTestFinished, test } from 'vitest';
import { diagnose } from '../../lib/doctor/diagnose.ts';
import { serveLoopback } from '../../lib/local/server/http-server.ts';
import { NIGHTLY } from '../support/fixture.ts';
import { A, B, C, EMPTY, examine, LIMITS, PAIR, RUN_TEST } from './examine.ts';

// server, secret, api.dialect, dialect advised, fields, what becomes of unknown ones, problems
test.each([
  ['documented', 'a-key', undefined, 'documented', 'camelCase', []],
  [
    'documented',
    PAIR,
    undefined,
    'documented',
    'camelCase',
    ['The server does not speak current: set api.dialect: documented'],
  ],
  [
    'key-pair',
    PAIR,
    undefined,
    'key-pair',
    'camelCase',
    ['The server does not speak current: set api.dialect: key-pair'],
  ],
  ['key-pair', PAIR, 'key-pair', 'key-pair', 'camelCase', []],
  ['current', PAIR, undefined, 'current', 'snake_case', []],
  ['current', PAIR, 'key-pair', 'key-pair', 'snake_case', []],
  [
    'current',
    PAIR,
    'documented',
    'current',
    'snake_case',
    ['The server does not speak documented: set api.dialect: current'],
  ],
  ['lenient', PAIR, undefined, 'current', 'snake_case', []],
] as const)(
  'a %s server, asked with %s and api.dialect %s, wants %s',
  async (server, secretValue, apiDialect, advised, fields, problems) => {
    const diagnosis = await examine(server, { secretValue, ...(apiDialect && { apiDialect }) });
    expect(diagnosis).toMatchObject({ advised, problems });
    expect(diagnosis.server.map(({ probe }) => probe)).toContainEqual({
      kind: 'answers',
      fields,
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
          remedy: expect.stringMatching(/^Set a valid API key in FI_API_KEY, or in its secret \(/),
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
