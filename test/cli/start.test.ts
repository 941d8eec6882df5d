import { fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, onTestFinished, test } from 'vitest';
import { rootCommand, sessionOf } from '../../lib/cli/program.ts';
import { command as startCommand } from '../../lib/cli/start.ts';
import { synthesizeLocally } from '../../lib/local/assembly/synthesize-locally.ts';
import { operatorHeader } from '../support/operator.ts';
import { functionProcesses, isAlive } from '../support/processes.ts';
import { rtt, terminal } from '../support/terminal.ts';

const CLI = fileURLToPath(new URL('../../bin/rtt.js', import.meta.url));
const STOP_SIGNAL = new URL('../../lib/cli/stop-signal.ts', import.meta.url).href;
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

/** Runs `rtt start` in this process, which has the CDK already. */
function start(args: readonly string[], synthesize: typeof synthesizeLocally) {
  const { io, written } = terminal({});
  const root = rootCommand();
  const session = sessionOf(io, root);
  root.addCommand(startCommand(session, synthesize));
  const parsed = root.parseAsync(['start', ...args], { from: 'user' });
  return { written, ended: parsed.then(() => io.exitCode) };
}

test('--fire starts an execution, prints its id alone on stdout and exits 0', async () => {
  const state = mkdtempSync(join(tmpdir(), 'fire-'));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const files = ['--triggers', EXAMPLE, '--state-dir', state];
  const { written, ended } = start(
    ['--fire', 'nightly-regression', ...files],
    async () => inject('stacks').triggers,
  );
  expect(await ended).toBe(0);
  expect(written.stderr).toMatch(
    /^\d\d:\d\d:\d\d INFO {2}command execution_started firing=\S+ http_status=200 /m,
  );
  expect(JSON.parse(written.stdout)).toMatchObject({
    trigger: 'nightly-regression',
    state: 'started',
    stand_in: true,
    execution_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test('Ctrl-C ends it all with exit code 0, even when npm passes the signal on', async () => {
  const { child, state, output, ended } = cli('start', '--json', '--port', '0');
  await expect.poll(() => output.stderr).toContain('Ctrl-C stops.');
  const [url] = /http:\S+/.exec(output.stderr) ?? [];
  await fetch(`${url}/_local/schedules/nightly-regression/early`, {
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
});

test('a changed file is used, a bad one is not, the address stays, and without its folder it ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reload-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'triggers.yaml');
  const text = readFileSync(EXAMPLE, 'utf8');
  writeFileSync(file, text);
  const state = join(folder, 'state');
  const files = ['--triggers', file, '--state-dir', state];
  const stacks = [inject('stacks').triggers];
  const { written, ended } = start(
    ['--port', '0', ...files],
    async (...args) => stacks.pop() ?? synthesizeLocally(...args),
  );
  onTestFinished(async () => {
    process.emit('SIGHUP', 'SIGHUP');
    await ended.catch(() => {});
  });
  await expect.poll(() => written.stderr).toContain('Ctrl-C stops.');
  const [url] = /http:\S+/.exec(written.stderr) ?? [];
  writeFileSync(file, 'triggers: 1\n');
  await expect
    .poll(() => written.stderr)
    .toContain('The changed file cannot be used: what was running goes on');
  writeFileSync(
    file,
    text.replace('nightly-regression:', 'renamed:\n    renamedFrom: nightly-regression'),
  );
  await expect
    .poll(() => written.stderr)
    .toMatch(/has changed and is in use: checkout-after-deploy, renamed/);
  expect(written.stderr).toContain(
    `Not in it any more: nightly-regression (now renamed). Firings that wait still start until their deadline, unless their trigger is paused: rtt pause nightly-regression --reason "it is removed" --triggers ${file} --state-dir ${state}\n`,
  );
  expect((await fetch(`${url}/hooks/renamed`, { method: 'POST' })).status).toBe(401);
  const fired = await fetch(`${url}/_local/schedules/renamed/early`, {
    method: 'POST',
    headers: operatorHeader(state),
  });
  expect(await fired.json()).toMatchObject({ trigger: 'renamed', state: 'started' });
  renameSync(state, `${state}-away`);
  await expect(ended).rejects.toThrow(
    `${state} was moved, deleted or replaced while the local run used it, so the run has stopped.`,
  );
});

test('what npm started ends with the shell of npm', async () => {
  const script = `const { stopSignal } = await import('${STOP_SIGNAL}');
    const wait = setInterval(() => {}, 1_000);
    stopSignal().addEventListener('abort', () => clearInterval(wait));
    process.stderr.write('up');`;
  const env = { ...process.env, npm_lifecycle_event: 'start', SCRIPT: script };
  const command = `"${process.execPath}" --input-type=module --eval "$SCRIPT"; exit $?`;
  const shell = spawn('sh', ['-c', command], { env });
  await once(shell.stderr, 'data');
  const gone = once(shell.stderr, 'close');
  shell.kill('SIGTERM');
  await gone;
});

test('a file that cannot be used ends with exit code 2 and without a stack trace', async () => {
  const state = mkdtempSync(join(tmpdir(), 'unusable-'));
  onTestFinished(() => rmSync(state, { recursive: true }));
  const said = await rtt(['start', '--triggers', 'nope.yaml', '--state-dir', state]);
  expect(said).toMatchObject({
    code: 2,
    screen: expect.stringMatching(/^nope\.yaml:1:1 error the file does not exist.*\n\n1 error\n$/),
  });
});

test('the exit code of the process is that of the command', async () => {
  const { output, ended } = cli('frobnicate');
  expect(await ended).toEqual([2, null]);
  expect(output).toEqual({
    stdout: '',
    stderr: expect.stringMatching(/^Unknown command 'frobnicate'\n.* --help shows how\n$/),
  });
});

test('an output that cannot be written is said in one line', () => {
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const { status, stderr } = spawnSync(process.execPath, [CLI, '--version'], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({
    status: 5,
    stderr: 'The output cannot be written: ENOSPC: no space left on device, write\n',
  });
});

test('what another Node.js has started ends when that is killed', async () => {
  // Tells when it listens, and waits for its standard input.
  const hear = "process.on('newListener', (name) => name === 'disconnect' && process.send(name))";
  const execArgv = ['--import', `data:text/javascript,${hear}`];
  const child = fork(CLI, ['event', 'send', '-'], {
    execArgv,
    stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});

test('a reader that has seen enough is no failure', async () => {
  const { child, output, ended } = cli('--help');
  child.stdout.destroy();
  expect(await ended).toEqual([0, null]);
  expect(output.stderr).toBe('');
});
