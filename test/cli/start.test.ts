import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { operatorHeader } from '../support/operator.ts';
import { functionProcesses, isAlive } from '../support/processes.ts';
import { rtt } from '../support/terminal.ts';

const CLI = fileURLToPath(new URL('../../bin/rtt.js', import.meta.url));
const EXAMPLE = fileURLToPath(new URL('../fixtures/triggers.yaml', import.meta.url));

function cli(...args: string[]) {
  const state = mkdtempSync(join(tmpdir(), 'start-'));
  const child = spawn(process.execPath, [CLI, '--triggers', EXAMPLE, ...args], { cwd: state });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    rmSync(state, { recursive: true, force: true, maxRetries: 10 });
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  return { child, state, output, ended: once(child, 'close') };
}

test('--fire starts an execution, prints its id alone on stdout and exits 0', async () => {
  const state = mkdtempSync(join(tmpdir(), 'fire-'));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const files = ['--triggers', EXAMPLE, '--state-dir', state];
  const { code, stdout, stderr } = await rtt(['start', '--fire', 'nightly-regression', ...files]);
  expect(stderr).toMatch(
    /^\d\d:\d\d:\d\d INFO {2}command execution_started firing=\S+ http_status=200 /m,
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    trigger: 'nightly-regression',
    state: 'started',
    stand_in: true,
    execution_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

/** Synthesizes twice. */
const LONG = { timeout: 150_000 };

test(
  'a changed file is used from then on, a bad one is not, the address stays, and Ctrl-C ends it all with exit code 0, even when npm passes the signal on',
  LONG,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reload-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'triggers.yaml');
    const text = readFileSync(EXAMPLE, 'utf8');
    writeFileSync(file, text);
    const { child, state, output, ended } = cli(
      'start',
      '--json',
      '--port',
      '0',
      '--triggers',
      file,
    );
    await expect.poll(() => output.stderr).toContain('Ctrl-C stops.');
    const [url] = /http:\S+/.exec(output.stderr) ?? [];
    writeFileSync(file, 'triggers: 1\n');
    await expect
      .poll(() => output.stderr)
      .toContain('The changed file cannot be used: what was running goes on');
    writeFileSync(file, text.replace('nightly-regression:', 'renamed:'));
    await expect
      .poll(() => output.stderr)
      .toMatch(/has changed and is in use: checkout-after-deploy, renamed/);
    expect((await fetch(`${url}/hooks/renamed`, { method: 'POST' })).status).toBe(401);
    await fetch(`${url}/_local/schedules/renamed/early`, {
      method: 'POST',
      headers: operatorHeader(join(state, '.local')),
    });
    const functions = functionProcesses(child);
    expect(functions.length).toBeGreaterThan(0);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(functions.filter(isAlive)).toEqual([]);
    const events = output.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).message.event);
    expect(events).toContain('execution_started');
  },
);

test('a stack that npm started ends with the shell of npm', async () => {
  const state = mkdtempSync(join(tmpdir(), 'start-'));
  onTestFinished(() => rmSync(state, { recursive: true, force: true, maxRetries: 10 }));
  const command = `"${process.execPath}" "${CLI}" --triggers "${EXAMPLE}" start --port 0; exit $?`;
  const env = { ...process.env, npm_lifecycle_event: 'start' };
  const shell = spawn('sh', ['-c', command], { cwd: state, env });
  let said = '';
  shell.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await expect.poll(() => said).toContain('Ctrl-C stops.');
  const [url = ''] = /http:\S+/.exec(said) ?? [];
  const gone = once(shell.stderr, 'close');
  shell.kill('SIGTERM');
  await gone;
  await expect(fetch(url)).rejects.toThrow('fetch failed');
});

test('a file that cannot be used ends with exit code 2 and without a stack trace', async () => {
  const { output, ended } = cli('validate', '--triggers', 'nope.yaml');
  expect(await ended).toEqual([2, null]);
  expect(output.stderr).toContain('nope.yaml:1:1 error the file does not exist');
  expect(output.stderr).not.toContain('    at ');
});

test('a reader that has seen enough is no failure', async () => {
  const { child, output, ended } = cli('validate', '--help');
  child.stdout.destroy();
  expect(await ended).toEqual([0, null]);
  expect(output.stderr).toBe('');
});
