import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { deployedIn, openConfigFiles } from '../../lambda/config/config-files.ts';
import { buildFunction } from '../../lib/stack/build-function.ts';
import { addressOf } from '../support/fixture.ts';

const FUNCTIONS = ['trigger', 'webhook', 'starter', 'sweep', 'notify'] as const;
const ENVIRONMENT = {
  LEDGER_TABLE: 'ledger',
  API_BASE_URL: 'https://api.example.com',
  STARTER_FUNCTION: 'starter',
  SWEEP_FUNCTION: 'sweep',
  EVENT_BUS: 'bus',
  TOPIC_ARN: 'arn:aws:sns:eu-west-1:123456789012:topic',
  SERVICE: 'run-test-trigger',
  TIMEZONE: 'Europe/Berlin',
  AWS_REGION: 'eu-west-1',
};
const { assembly, config } = inject('stacks')['local-run'];

function directoryOf(name: string): string {
  return assembly.functions.find(({ label }) => label === name)?.assetDirectory ?? '';
}

test('the bundles need nothing but Node and their environment', () => {
  const files = FUNCTIONS.map((name) => join(directoryOf(name), 'handler.mjs'));
  const script = `console.info = () => {};
    const found = await Promise.all(${JSON.stringify(files)}.map((file) => import(file)));
    process.stdout.write(found.map(({ handler }) => typeof handler).join());`;
  const stdout = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: tmpdir(),
    env: ENVIRONMENT,
  });
  expect(String(stdout)).toBe('function,function,function,function,function');
});

test('the webhook asks to come back when what is behind it is down', () => {
  const { answer, log } = deliver('http://127.0.0.1:9', 15_000);
  expect(answer).toEqual(UNAVAILABLE);
  expect(log).toEqual([
    { event: 'webhook_failed', message: expect.stringContaining('ECONNREFUSED') },
  ]);
});

test('the webhook asks to come back when what is behind it does not answer for 2.5 s', async () => {
  await using silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  if (typeof address !== 'object') throw new Error('the server has no port');
  const { answer, log } = deliver(`http://127.0.0.1:${address?.port}`, 2_600);
  expect(answer).toEqual(UNAVAILABLE);
  expect(log).toEqual([{ event: 'webhook_failed', message: 'Error: No answer within 2500 ms' }]);
});

test('the configuration lies beside the code', () => {
  const files = filesIn(directoryOf('webhook'));
  expect(deployedIn(openConfigFiles((file) => files[file] ?? ''))).toEqual(config);
});

test('the same sources give the same bytes, and are built once', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'somewhere-else-'));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  const kept = join(scratch, 'kept');
  const build = (name: string) => {
    const directory = join(scratch, name);
    mkdirSync(directory);
    buildFunction('trigger', directory, kept);
    return filesIn(directory);
  };
  const code = contentOf('trigger');
  expect(build('first')).toEqual(code);

  const path = join(kept, 'trigger.json');
  const last = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...last, files: { 'handler.mjs': 'kept' } }));
  expect(build('second')).toEqual({ 'handler.mjs': 'kept' });

  const [source = ''] = Object.keys(last.sources).filter((each) => each.endsWith('advance.ts'));
  const sources = { ...last.sources, [source]: 'of what it was before' };
  writeFileSync(path, JSON.stringify({ ...last, sources, files: { 'handler.mjs': 'kept' } }));
  expect(build('third')).toEqual(code);

  const here = Object.entries(last.sources).filter(([each]) => !each.endsWith('build-function.ts'));
  const elsewhere = { ...last, sources: Object.fromEntries(here) };
  writeFileSync(path, JSON.stringify({ ...elsewhere, files: { 'handler.mjs': 'kept' } }));
  expect(build('of another folder')).toEqual(code);
});

test.each([
  ['trigger', 216_000],
  ['webhook', 155_000],
  ['starter', 194_000],
  ['sweep', 277_000],
  ['notify', 110_000],
])('%s stays within %i bytes', (name, most) => {
  expect(Buffer.byteLength(Object.values(contentOf(name)).join(''))).toBeLessThan(most);
});

test.each(FUNCTIONS)('%s takes credentials from its environment only', (name) => {
  const code = Object.values(contentOf(name)).join('');
  expect(code).toContain('AWS_SESSION_TOKEN');
  expect(code).not.toMatch(/credential_process|sso_session|web_identity_token_file/);
});

test.each([
  ['trigger', ['Future AGI', 'Lambda']],
  ['webhook', ['Lambda']],
  ['starter', ['Future AGI']],
  ['sweep', ['Future AGI', 'EventBridge']],
  ['notify', ['SNS']],
])('%s brings no other clients than those of %j', (name, clients) => {
  const code = Object.values(contentOf(name)).join('');
  const found = Object.entries(CLIENTS).filter(([, sign]) => sign.test(code));
  expect(found.map(([client]) => client)).toEqual(clients);
});

/** The last is of the SDK's own clients. */
const CLIENTS = {
  'Future AGI': /\/simulate\/run-tests/,
  Lambda: /2015-03-31\/functions/,
  EventBridge: /AWSEvents/,
  SNS: /Action:"Publish"/,
  SDK: /com\.amazonaws\./,
};

const UNAVAILABLE = {
  statusCode: 503,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'retry-after': '30',
  },
  body: '{"error":"unavailable"}',
};

/** The answer to a delivery, and the log, when AWS is at this address and the function has this time left. */
function deliver(awsUrl: string, remainingMs: number): { answer: unknown; log: unknown[] } {
  const event = {
    headers: {},
    isBase64Encoded: false,
    pathParameters: { trigger: 'nightly' },
    ...addressOf('nightly'),
  };
  const script = `console.info = () => {};
    const { handler } = await import(${JSON.stringify(join(directoryOf('webhook'), 'handler.mjs'))});
    const log = [];
    console.error = (line) => log.push(line);
    const answer = await handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => ${remainingMs} });
    process.stdout.write(JSON.stringify({ answer, log }), () => process.exit());`;
  const stdout = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: {
      ...ENVIRONMENT,
      AWS_ENDPOINT_URL: awsUrl,
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
    },
  });
  return JSON.parse(String(stdout));
}

/** The code of a function, without its configuration. */
function contentOf(name: string): Record<string, string> {
  const files = Object.entries(filesIn(directoryOf(name)));
  return Object.fromEntries(files.filter(([file]) => file.endsWith('.mjs')));
}

function filesIn(path: string): Record<string, string> {
  const files = readdirSync(path).sort();
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(path, file), 'utf8')]));
}
