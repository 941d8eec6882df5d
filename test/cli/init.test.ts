import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTriggers } from '../../lib/config/load.ts';
import { type StandInApi, startStandInApi } from '../../lib/local/stand-in/stand-in-api.ts';
import { manualClock } from '../local/manual-clock.ts';
import { rtt } from '../support/terminal.ts';

const RUN_TESTS = [
  { id: '3c90c3cc-0d44-4b50-8888-8dd25736052a', name: 'Checkout' },
  { id: '8f14e45f-ceea-467f-a0e6-2d7d1a9c1b54', name: 'Refund' },
];
const directory = mkdtempSync(join(tmpdir(), 'init-'));
let api: StandInApi;
beforeAll(async () => {
  const runTests = new Map(RUN_TESTS.map(({ id }) => [id, []]));
  const clock = manualClock('2026-11-24T02:00:00Z');
  const file = join(directory, 'executions.jsonl');
  api = await startStandInApi({
    runTests,
    namedRunTests: RUN_TESTS,
    apiKey: () => 'key',
    file,
    clock,
  });
});
afterAll(async () => {
  await api.stop();
  rmSync(directory, { recursive: true });
});

/** A person at a terminal, who types this. */
function init(file: string, stdin: string, ...options: string[]) {
  return rtt(['init', '--force', '--triggers', file, ...options], {
    stdin,
    isTyped: true,
    isShown: true,
    environment: { FI_API_KEY: 'key', FI_BASE_URL: api.url },
  });
}

test('the answers are in the file, and what cannot be used is asked again', async () => {
  const file = join(directory, 'asked.yaml');
  const answers = [
    '3',
    '2',
    '25:00',
    '7:05',
    'Mars',
    'Asia/Kolkata',
    '0',
    '4',
    'qa',
    'qa@a.example, webhook, slack',
    'http://a.example',
    'https://a.example/runs',
  ];
  const { code, stderr, stdout } = await init(file, `${answers.join('\n')}\n`);
  expect({ code, stdout: stripVTControlCharacters(stdout) }).toEqual({
    code: 0,
    stdout: `✓ ${file} has 1 trigger: rtt validate --triggers ${file}
  URL of the incoming webhook of Slack, once the service runs: rtt secret set run-test-trigger/notify/slack --triggers ${file}
  signing key of the webhook (whsec_…), once the service runs: rtt secret set run-test-trigger/notify/webhook --triggers ${file}
`,
  });
  expect(stderr).toContain('Run tests:\n  1  Checkout\n  2  Refund\nWhich? ');
  const asked = stderr.match(/Which\?|When\?|zone\?|at most\?|tell\?|webhook\?/g);
  const questions = ['Which?', 'When?', 'zone?', 'at most?', 'tell?', 'webhook?'];
  expect(asked).toEqual(questions.flatMap((question) => [question, question]));
  const loaded = loadTriggers(file, new Date('2026-11-24T00:00:00Z'));
  expect(loaded.ok && loaded.config).toMatchObject({
    notify: {
      email: ['qa@a.example'],
      channels: {
        slack: { kind: 'slack', secret: 'run-test-trigger/notify/slack' },
        webhook: { url: 'https://a.example/runs', secret: 'run-test-trigger/notify/webhook' },
      },
    },
    triggers: {
      refund: {
        budget: { perDay: 4 },
        schedules: [{ expression: 'cron(5 7 ? * MON-FRI *)', timezone: 'Asia/Kolkata' }],
      },
    },
  });
});

test.each([
  ['no answer', '', []],
  ['an end between the answers', '1\n02:00\n', []],
])('%s writes nothing', async (_name, stdin) => {
  const file = join(directory, 'ended.yaml');
  expect(await init(file, stdin)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('The questions were not answered: nothing was written'),
  });
  expect(existsSync(file)).toBe(false);
});

test.each([['--all'], ['--json']])('%s asks nothing', async (option) => {
  const file = join(directory, 'all.yaml');
  const { code, stderr } = await init(file, '', option);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(readFileSync(file, 'utf8')).toContain('    # schedules:\n');
});

test.each([
  ['elsewhere', join(directory, 'deep', 'triggers.yaml')],
  ['in the project', join('node_modules', `.init-${process.pid}.yaml`)],
])('a file %s names a schema that exists', async (_name, file) => {
  mkdirSync(dirname(file), { recursive: true });
  await init(file, '', '--all');
  const [, schema = ''] = /\$schema=(.*)/.exec(readFileSync(file, 'utf8')) ?? [];
  rmSync(file);
  const path = schema.startsWith('file:') ? fileURLToPath(schema) : resolve(dirname(file), schema);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('$schema');
});

test('without a key and a service, the run test is an example', async () => {
  const file = join(directory, 'example.yaml');
  const nowhere = join(directory, 'nowhere');
  const { code, stderr } = await rtt(['init', '--triggers', file, '--state-dir', nowhere]);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr:
      'Nothing runs and FI_API_KEY is not set, so the run test is an example that only the stand-in knows\n',
  });
  const loaded = loadTriggers(file, new Date('2026-11-24T00:00:00Z'));
  expect(loaded.ok && Object.keys(loaded.config.triggers)).toEqual(['nightly-regression']);
});
