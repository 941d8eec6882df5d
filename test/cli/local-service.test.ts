import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InputError } from '../../lib/input-error.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { runFixture } from '../support/local-run.ts';
import { rtt } from '../support/terminal.ts';

const directory = mkdtempSync(join(tmpdir(), 'deliver-'));
const STATE = ['--state-dir', join(directory, 'state')];
const lines: string[] = [];
let run: LocalRun;
beforeAll(async () => {
  run = await runFixture('local-run', {
    stateDirectory: join(directory, 'state'),
    log: ({ line }) => lines.push(line),
  });
});
afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true });
});

const json = async (args: readonly string[], stdin = '') =>
  JSON.parse((await rtt([...args, '--json', ...STATE], { stdin })).stdout);

const linesOf = (text: string) => Array.from(text.matchAll(/.+/g), ([line]) => JSON.parse(line));

const posts = () => run.standIn?.received.filter(({ method }) => method === 'POST').length ?? 0;

test.each(['standard-webhooks', 'github', 'gitlab', 'bearer'])(
  'a delivery of kind %s fires its trigger',
  async (kind) => {
    const before = posts();
    expect(await rtt(['deliver', `by-${kind}`, ...STATE])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^HTTP 202\n {2}firing +by-/),
    });
    await expect.poll(posts).toBe(before + 1);
  },
);

test('the same id is a repetition', async () => {
  const line = ['deliver', 'by-bearer', '--id', 'once'];
  expect([await json(line), await json(line)]).toMatchObject([
    { status: 202, body: { firing: 'by-bearer:delivery:once' } },
    { status: 200, body: { firing: 'by-bearer:delivery:once', duplicate: true } },
  ]);
});

test('a body comes from a file or from standard input', async () => {
  const file = join(directory, 'body.json');
  writeFileSync(file, '{"ref":"it\'s \\"main\\""}');
  const line = ['deliver', 'by-github', '--id', 'same', '--body'];
  const first = await json([...line, file]);
  const again = await json([...line, '-'], readFileSync(file, 'utf8'));
  expect([first.status, again.status]).toEqual([202, 200]);
});

test('a body that is not JSON is sent, and is said to be so', async () => {
  const stdin = '{"ref": main}';
  expect(await rtt(['deliver', 'by-bearer', '--body', '-', ...STATE], { stdin })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(
      'The body is not JSON: a webhook refuses it only if its when or allow reads the body\n',
    ),
  });
});

test('what GitHub calls a ping starts nothing', async () => {
  const before = posts();
  const ping = await rtt(['deliver', 'by-github', '--event', 'ping', ...STATE]);
  expect(ping).toMatchObject({ code: 0, stdout: 'HTTP 200\n  pong  true\n' });
  expect(posts()).toBe(before);
});

test('a refusal ends with 1 and says what the webhook says', async () => {
  const body = ['--body', join(directory, 'empty')];
  writeFileSync(join(directory, 'empty'), '');
  expect(await rtt(['deliver', 'by-github', ...body, ...STATE])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^HTTP 400\n {2}error +bad_request\n {2}message +The body is empty/,
    ),
  });
});

test.each([
  ['budgeted', 'budgeted has no webhook: fire it with rtt fire budgeted'],
  ['by-githup', 'No trigger "by-githup" - did you mean "by-github"?\n'],
  [
    'by-sns',
    "Amazon SNS signs its messages with its own key: aws sns publish --topic-arn arn:aws:sns:eu-central-1:123456789012:releases --message '{}'\n",
  ],
  ['by-bearer --event push', '--event is for verify: github or gitlab, not bearer: use --header\n'],
  [
    'by-github --header x-hub-signature-256:bad',
    'The header x-hub-signature-256 is written when the delivery is signed: leave it out (rtt deliver by-github --id ID',
  ],
  [
    'by-github --body nofile',
    'nofile cannot be used: no such file or directory (open). Fix that, or name another file or folder\n',
  ],
])('rtt deliver %s sends nothing', async (words, said) => {
  const sent = await rtt(['deliver', ...words.split(' '), ...STATE]);
  expect(sent).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
});

test.each([
  ['--id', '日本'],
  ['--id', 'a b ü'],
  ['--id', ''],
  ['--id', ' a'],
  ['--event', '日本'],
  ['--header', 'x-environment: 日本'],
])('%s %j, which no HTTP header can carry, is bad input', async (option, value) => {
  const { code, stderr } = await rtt(['deliver', 'by-github', option, value, ...STATE]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/invalid.*ASCII/) });
});

test('an execution is cancelled, and one that has none is not', async () => {
  const { firing } = await json(['fire', 'by-pipeline']);
  const cancel = () => rtt(['cancel', firing, '--reason', 'wrong version', ...STATE]);
  expect((await cancel()).stdout).toContain(`The server cancels ${firing}.`);
  expect(await cancel()).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`${firing} was not cancelled: It is cancelled`),
  });
});

test('the log of a firing is shown, and its history goes on as it changes', async () => {
  await rtt(['pause', 'nightly', '--reason', 'why', ...STATE]);
  const { firing } = await json(['fire', 'nightly']);
  const logged = await rtt(['logs', '--firing', firing, '--json', ...STATE]);
  const events = linesOf(logged.stdout).map(({ line }) => JSON.parse(line).message.event);
  expect(events).toEqual(['firing_recorded', 'start_skipped']);
  let sleeps = 0;
  const sleep = async () => {
    sleeps += 1;
    if (sleeps === 1) await rtt(['fire', 'nightly', ...STATE]);
    else throw new InputError('seen enough');
  };
  const clock = { now: () => new Date(), sleep };
  const watched = await rtt(['history', '--watch', '--json', '--limit', '1', ...STATE], { clock });
  expect(linesOf(watched.stdout)).toMatchObject([{ id: firing }, { state: 'skipped' }]);
  await rtt(['resume', 'nightly', '--reason', 'over', ...STATE]);
});

test.each([
  ['pause nope --reason why', 'No trigger "nope" is deployed. Deployed: '],
  ['resume nightl --reason why', 'No trigger "nightl" is deployed - did you mean "nightly"?'],
  ['reset-reference nope --reason why', 'No trigger "nope"'],
  ['fire nope', 'No trigger "nope"'],
  ['fire nightly --scenario nope --dry-run', ''],
  ['fire nightly --scenario nope', '5555) was not fired: The run test has no scenario "nope"; it '],
  [
    'fire nightly --scenario 3c90c3cc-0d44-4b50-8888-8dd25736052a',
    ' has no scenario 3c90c3cc-0d44-4b50-8888-8dd25736052a. rtt fire nightly --dry-run --state-dir',
  ],
  ['cancel nope --reason why', 'nope'],
  ['retry nope --reason why', 'nope'],
  ['judge nope', 'nope'],
  ['notify nope --test', 'There is no channel nope in this deployment. Known: topic'],
  ['show nope', 'nope'],
])('rtt %s says what is wrong, and is not a failure of the function', async (words, said) => {
  const before = lines.length;
  const { stderr } = await rtt([...words.split(' '), ...STATE]);
  expect(stderr).toContain(said);
  expect(lines.slice(before).filter((line) => line.includes('stackTrace'))).toEqual([]);
});

test('the times of the local run and of a file are shown with what is paused, and what has none', async () => {
  const file = fileURLToPath(new URL('../fixtures/local-run.yaml', import.meta.url));
  const sources = [['--local'], ['--triggers', file]];
  const from = ['--from', '2099-01-01T00:00:00Z', ...STATE];
  const shown = async (...words: string[]) => {
    const said = await Promise.all(
      sources.map((each) => rtt(['next', ...words, ...each, ...from])),
    );
    return said.map(({ stdout }) => stdout);
  };
  await rtt(['pause', 'by-bearer', '--reason', 'why', ...STATE]);
  for (const text of await shown('--count', '1')) {
    expect(text).toMatch(/^LOCAL TIME .+\n.+ nightly +early\n\nby-bearer is paused by /);
    expect(text).toMatch(
      / since \d{4}-\S+Z: why\n {2}rtt resume by-bearer --reason "it works again"/,
    );
    expect(text).toMatch(/\nWithout a schedule: .*by-bearer.*\n$/);
  }
  await rtt(['pause', '--all', '--reason', 'costs', '--until', '2099-11-01', ...STATE]);
  for (const text of await shown('nightly', '--json'))
    expect(JSON.parse(text)).not.toMatchObject([{ paused: {} }]);
  await rtt(['pause', '--all', '--reason', 'costs', ...STATE]);
  for (const text of await shown('nightly', '--json'))
    expect(JSON.parse(text)).toMatchObject([{ trigger: 'nightly', paused: { reason: 'costs' } }]);
  await rtt(['resume', '--all', '--reason', 'over', ...STATE]);
  await rtt(['resume', 'by-bearer', '--reason', 'over', ...STATE]);
});

test('a repeated job has the firing of its first attempt, unless that is over', async () => {
  const fireAs = async (id: string) => {
    const { firing, state, duplicate } = await json(['fire', 'nightly', '--id', id]);
    return { firing, state, duplicate };
  };
  await rtt(['pause', 'nightly', '--reason', 'why', ...STATE]);
  expect(await fireAs('job-1')).toMatchObject({
    firing: 'nightly:command:job-1',
    state: 'skipped',
  });
  expect(await fireAs('job-1')).toMatchObject({ firing: 'nightly:command:job-1-2' });
  await rtt(['resume', 'nightly', '--reason', 'over', ...STATE]);
  const started = { firing: 'nightly:command:job-1-3', state: 'started' };
  expect(await fireAs('job-1')).toMatchObject(started);
  expect(await fireAs('job-1')).toMatchObject({ ...started, duplicate: true });
  expect((await rtt(['fire', 'nightly', '--id', 'job-1', ...STATE])).stderr).toContain(
    'An earlier command with --id job-1 fired this. Nothing more is started.\n',
  );
});

test('a job waits no longer than it says, and its report is written', async () => {
  const file = join(STATE[1] ?? '', 'report.xml');
  const args = ['fire', 'nightly', '--id', 'job-1', '--wait', '--timeout', '1s'];
  expect((await rtt([...args, '--report', `junit=${file}`, ...STATE])).code).toBe(4);
  expect(readFileSync(file, 'utf8')).toContain('<error message="');
});

const HOOK = 'hooks/standard-webhooks';

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
  ['Enter', '\r'],
])('%s instead of a secret sets nothing', async (_, stdin) => {
  const before = readFileSync(run.secretsFile, 'utf8');
  const asked = await rtt(['secret', 'set', HOOK, ...STATE], { stdin, isTyped: true });
  expect(asked).toMatchObject({ code: 2, stdout: '' });
  expect(asked.stderr).toMatch(/\(not shown\): \nNothing was set: no value was given\n$/);
  expect(readFileSync(run.secretsFile, 'utf8')).toBe(before);
});

test('a secret that is typed is not shown', async () => {
  const value = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
  const options = { stdin: `${value}\r`, isTyped: true };
  const { code, screen } = await rtt(['secret', 'set', HOOK, ...STATE], options);
  expect({ code, shown: screen.includes(value.slice(6)) }).toEqual({ code: 0, shown: false });
  expect(JSON.parse(readFileSync(run.secretsFile, 'utf8'))).toMatchObject({ [HOOK]: value });
});
