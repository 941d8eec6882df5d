import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runAction } from '../../lib/action/run-action.ts';
import { systemClock } from '../../lib/clock.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { runFixture } from '../support/local-run.ts';
import { rtt, terminal } from '../support/terminal.ts';

const directory = mkdtempSync(join(tmpdir(), 'action-'));
const TARGET = ['--state-dir', join(directory, 'state')];
/** When somebody waits, time passes for the service as well. */
let waitedMs = 0;
const now = () => new Date(Date.now() + waitedMs);
const sleep = async (milliseconds: number) => {
  waitedMs += milliseconds;
};
let run: LocalRun;
beforeAll(async () => {
  const clock = { ...systemClock, now };
  run = await runFixture('local-run', { stateDirectory: join(directory, 'state'), clock });
});
afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true });
});

const posts = () => run.standIn?.received.filter(({ method }) => method === 'POST').length ?? 0;

/** The action as GitHub runs it: inputs in the environment, and files for outputs and summary. */
async function act(job: string, inputs: Readonly<Record<string, string>>) {
  const files = { output: join(directory, 'output'), summary: join(directory, 'summary') };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const defaults = { 'fail-on': 'failed,not-started,timed-out,no-answer', timeout: '6h' };
  const given = Object.entries({ ...defaults, ...inputs });
  const environment = {
    ...Object.fromEntries(given.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_RUN_ID: '42',
    GITHUB_JOB: job,
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
  };
  const { io, written } = terminal({ environment, clock: { now, sleep } });
  const code = await runAction(io, TARGET);
  const lines = readFileSync(files.output, 'utf8').trim().split('\n');
  const outputs = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  const annotation = written.stdout.split('\n').find((line) => line.startsWith('::')) ?? '';
  return { code, outputs, annotation, summary: readFileSync(files.summary, 'utf8') };
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
    summary: expect.stringContaining('## ✅ nightly'),
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
  expect(first).toMatchObject({ code: 4, annotation: expect.stringContaining('Not over yet') });
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

test('a trigger that does not exist fails the job, whatever fail-on says', async () => {
  expect(await act('typo', { trigger: 'nightyl', 'fail-on': 'failed' })).toMatchObject({ code: 2 });
});

test('action.yml has the inputs and the outputs of the code', () => {
  const root = join(import.meta.dirname, '../..');
  const { inputs, outputs, runs } = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const code = readFileSync(join(root, 'lib/action/run-action.ts'), 'utf8');
  const read = [...code.matchAll(/input\(environment, '([a-z-]+)'\)/g)].map(([, name]) => name);
  expect(Object.keys(inputs).toSorted()).toEqual([...new Set(read)].toSorted());
  expect(Object.keys(outputs)).toEqual([
    'firing',
    'execution-id',
    'verdict',
    'success-rate',
    'link',
  ]);
  expect(runs.using).toBe('node24');
});
