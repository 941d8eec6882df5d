import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { afterCancel } from '../../lib/action/after-cancel.ts';
import { runAction } from '../../lib/action/run-action.ts';
import { systemClock } from '../../lib/clock.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { runFixture } from '../support/local-run.ts';
import { closeAll, serve } from '../support/servers.ts';
import { rtt, terminal } from '../support/terminal.ts';

const directory = mkdtempSync(join(tmpdir(), 'action-'));
const TARGET = ['--state-dir', join(directory, 'state')];
/** When somebody waits, time passes for the service as well. */
let waitedMs = 0;
const now = () => new Date(Date.now() + waitedMs);
/** What the outputs are while somebody waits, as a runner that is lost then leaves them. */
let toldMeanwhile = '';
const sleep = async (milliseconds: number) => {
  waitedMs += milliseconds;
  toldMeanwhile = readFileSync(join(directory, 'output'), 'utf8');
};
let run: LocalRun;
beforeAll(async () => {
  const clock = { ...systemClock, now };
  run = await runFixture('local-run', { stateDirectory: join(directory, 'state'), clock });
});
afterAll(async () => {
  closeAll();
  await run.stop();
  rmSync(directory, { recursive: true });
});

/** A scenario that the run test does not have. */
const UNKNOWN = '99999999-9999-4999-8999-999999999999';
const REFUSED = {
  code: 3,
  annotation: expect.stringMatching(/^::error title=nightly::Not started: refused: .*HTTP 4/),
  outputs: { verdict: 'rejected' },
};

const posts = () => run.standIn?.received.filter(({ method }) => method === 'POST').length ?? 0;

/** The action as GitHub runs it: inputs in the environment, and files for outputs and summary. */
async function act(
  job: string,
  inputs: Readonly<Record<string, string>>,
  action = runAction,
  state: Readonly<Record<string, string>> = {},
) {
  const file = (name: string) => join(directory, name);
  const files = { output: file('output'), summary: file('summary'), state: file('state-file') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const defaults = { 'fail-on': 'failed,not-started,timed-out,no-answer', timeout: '6h' };
  const given = Object.entries({ ...defaults, ...inputs });
  const environment = {
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_RUN_ID: '42',
    GITHUB_JOB: job,
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_STATE: files.state,
    ...state,
  };
  const { io, written } = terminal({ environment, clock: { now, sleep } });
  const code = await action(io, TARGET);
  const outputs = linesOf(files.output, '');
  const annotation = written.stdout.split('\n').find((line) => line.startsWith('::')) ?? '';
  const summary = readFileSync(files.summary, 'utf8');
  return { code, outputs, annotation, summary, state: linesOf(files.state, 'STATE_') };
}

/** The last value of each name, as GitHub reads such a file. */
function linesOf(file: string, prefix: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => `${prefix}${line}`.split(/=(.*)/s).slice(0, 2)));
}

/** The inputs that fire a trigger by its webhook, and the secret that the local run has made for it. */
function byWebhook(trigger: string, secret?: string) {
  const secrets = JSON.parse(readFileSync(run.secretsFile, 'utf8'));
  const own =
    trigger === 'nightly' ? 'run-test-trigger/webhooks/nightly' : `hooks/${trigger.slice(3)}`;
  return { trigger, url: `${run.url}/hooks/${trigger}`, secret: secret ?? secrets[own] };
}

test('a run that passes, and one that fails, end the job so', async () => {
  const seen = new Map<number, Awaited<ReturnType<typeof act>>>();
  // The stand-in lets a few calls fail, which are others in each execution.
  for (let index = 0; index < 40 && seen.size < 2; index += 1) {
    const acted = await act(`job${index}`, { trigger: 'nightly' });
    seen.set(acted.code, acted);
  }
  expect(seen.get(0)).toMatchObject({
    annotation: '',
    outputs: { verdict: 'passed', 'success-rate': '100', 'execution-id': expect.any(String) },
    summary: expect.stringMatching(/## ✅ nightly[\s\S]*\| this run \| expected \| last run \|/),
  });
  expect(seen.get(1)).toMatchObject({
    annotation: expect.stringMatching(/^::error title=nightly::.* did not complete/),
    outputs: { verdict: 'failed', firing: expect.stringMatching(/^nightly:command:github-42-job/) },
    summary: expect.stringContaining('## ❌ nightly'),
  });
});

test('a repeated job waits for what its first attempt has started', async () => {
  const first = await act('lost', { trigger: 'nightly', timeout: '1s' });
  const posted = posts();
  expect(first).toMatchObject({
    code: 4,
    annotation: expect.stringContaining('Not over yet'),
    outputs: { verdict: 'started', 'execution-id': expect.any(String) },
  });
  expect(toldMeanwhile).toContain('firing=nightly:command:github-42-lost\n');
  expect(toldMeanwhile).toContain(`execution-id=${first.outputs['execution-id']}\n`);
  const second = await act('lost', { trigger: 'nightly' });
  expect(second.outputs).toMatchObject({ firing: 'nightly:command:github-42-lost' });
  expect(posts()).toBe(posted);
});

test('a run that is skipped is a warning, and fails the job only where fail-on says so', async () => {
  await rtt(['pause', 'nightly', '--reason', 'holidays', ...TARGET]);
  const skipped = { annotation: expect.stringMatching(/^::warning title=nightly::/) };
  expect(await act('paused', { trigger: 'nightly' })).toMatchObject({ ...skipped, code: 3 });
  const inputs = { trigger: 'nightly', 'fail-on': 'failed, timed-out' };
  expect(await act('paused', inputs)).toMatchObject({ ...skipped, code: 0 });
  await rtt(['resume', 'nightly', '--reason', 'back', ...TARGET]);
});

test('a start that the API refuses fails the job with what the API said', async () => {
  const inputs = { trigger: 'nightly', scenarios: UNKNOWN };
  expect(await act('refused', inputs)).toMatchObject(REFUSED);
});

test('by its webhook, without AWS, a trigger is fired once and its verdict ends the job', async () => {
  const inputs = byWebhook('by-standard-webhooks');
  const first = await act('hook', { ...inputs, timeout: '1s' });
  expect(first).toMatchObject({ code: 4, outputs: { verdict: 'started' } });
  const posted = posts();
  const second = await act('hook', inputs);
  expect(second.outputs).toMatchObject({
    firing: first.outputs.firing,
    'execution-id': first.outputs['execution-id'],
    verdict: expect.stringMatching(/^(passed|failed)$/),
    'success-rate': expect.stringMatching(/^\d+/),
  });
  expect(second.code).toBe(second.outputs.verdict === 'passed' ? 0 : 1);
  expect(second.summary).toMatch(/## .* by-standard-webhooks/);
  expect(posts()).toBe(posted);
});

test('a token is sent as it is, and a job that does not wait ends with the start', async () => {
  const secret = 'a-token-of-at-least-24-characters';
  await rtt(['secret', 'set', 'hooks/bearer', ...TARGET], { stdin: secret });
  const acted = await act('token', { ...byWebhook('by-bearer', secret), wait: 'false' });
  expect(acted).toMatchObject({ code: 0, annotation: '', outputs: { verdict: 'started' } });
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  [
    'another secret',
    { secret: 'another-secret-of-24-letters' },
    'The webhook refuses it: unverified',
  ],
  ['a choice that allow does not have', { scenarios: UNKNOWN }, 'HTTP 400'],
  ['a name of a scenario', { scenarios: 'Happy path' }, 'by id only, and Happy path is a name'],
  ['an address without TLS', { url: 'http://example.com/hooks/nightly' }, 'begin with https://'],
  ['another address', { url: 'https://example.com/' }, 'must be the webhook of nightly'],
  ['a time without a unit', { timeout: '90' }, 'a whole number and a unit: 90s'],
  ['cancel', { cancel: 'true' }, 'The input cancel needs AWS credentials'],
])('by webhook, %s is bad input and starts nothing', async (_name, inputs, message) => {
  const posted = posts();
  const acted = await act('bad', { ...byWebhook('nightly'), ...inputs });
  expect(acted).toMatchObject({ code: 2, annotation: expect.stringContaining(message) });
  expect(posts()).toBe(posted);
});

test('a webhook that does not answer is asked again, and then it is not known what became of it', async () => {
  const url = 'http://127.0.0.1:9/hooks/nightly';
  const acted = await act('down', { ...byWebhook('nightly'), url });
  expect(acted).toMatchObject({
    code: 5,
    annotation: expect.stringMatching(/^::error .*ECONNREFUSED/),
  });
});

test('a delivery without an answer is repeated with its id, and a refusal of the API ends the job', async () => {
  const ids: unknown[] = [];
  const report = { firing: 'nightly:delivery:1', trigger: 'nightly', state: 'rejected' };
  const address = await serve(({ headers }, response) => {
    ids.push(headers['webhook-id']);
    response.statusCode = ids.length === 1 ? 503 : 502;
    const body = ids.length === 1 ? { error: 'unavailable' } : { ...report, message: 'No credit' };
    response.end(JSON.stringify(body));
  });
  const acted = await act('flaky', { ...byWebhook('nightly'), url: `${address}/hooks/nightly` });
  expect(acted).toMatchObject({
    code: 3,
    annotation: '::error title=nightly::Not started: refused: No credit',
    outputs: { firing: 'nightly:delivery:1', verdict: 'rejected' },
  });
  expect(ids).toEqual(['github-42-flaky', 'github-42-flaky']);
});

test('a cancelled job says what goes on, and cancels it where it is asked to', async () => {
  const { state } = await act('cancelled', { trigger: 'nightly', wait: 'false' });
  const firing = 'nightly:command:github-42-cancelled';
  expect(state).toMatchObject({ STATE_firing: firing });
  const cancelled = (inputs: Readonly<Record<string, string>>) =>
    act('cancelled', { trigger: 'nightly', ...inputs }, afterCancel, state);
  expect(await cancelled({})).toMatchObject({
    code: 0,
    annotation: expect.stringContaining(
      `${firing} goes on. To cancel it: npx rtt cancel ${firing}`,
    ),
  });
  expect(await cancelled({ cancel: 'true' })).toMatchObject({
    code: 0,
    annotation: expect.stringContaining(`${firing} is cancelled too`),
  });
  const { stdout } = await rtt(['show', firing, '--json', ...TARGET]);
  expect(JSON.parse(stdout).cancels).toHaveLength(1);
});

test.each([
  ['before the start was known', {}, /Cancelled before it was known whether it started/],
  ['after the verdict', { STATE_firing: 'nightly:command:1', STATE_verdict: 'passed' }, /^$/],
  ['after a refusal', { STATE_firing: 'nightly:command:1', STATE_verdict: 'rejected' }, /^$/],
])('a job that is cancelled %s cancels nothing', async (_name, state, annotation) => {
  const inputs = { trigger: 'nightly', cancel: 'true' };
  const acted = await act('late', inputs, afterCancel, state);
  expect(acted).toMatchObject({ code: 0, annotation: expect.stringMatching(annotation) });
});

test('a trigger that does not exist fails the job, whatever fail-on says', async () => {
  expect(await act('typo', { trigger: 'nightyl', 'fail-on': 'failed' })).toMatchObject({ code: 2 });
});
