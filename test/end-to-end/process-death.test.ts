import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, onTestFinished, test } from 'vitest';
import { manualClock } from '../local/manual-clock.ts';
import { runFixture } from '../support/local-run.ts';
import { operatorHeader } from '../support/operator.ts';
import { functionProcesses, isAlive } from '../support/processes.ts';
import { startRemoteApi } from '../support/remote-api.ts';

const PROCESS = fileURLToPath(new URL('../support/local-run-process.ts', import.meta.url));

test('a local run that is killed while the request is in flight leaves no function behind, and settles the firing after a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'process-death-'));
  const stateDirectory = join(directory, 'state');
  let aheadMs = 0;
  const api = await startRemoteApi({ now: () => new Date(Date.now() + aheadMs) });
  const posted = Promise.withResolvers<void>();
  api.treatment = ({ create }) => {
    create();
    posted.resolve();
  };
  onTestFinished(async () => {
    await api.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 10 });
  });
  const environment = { FI_API_KEY: 'fi-key-1234567890', FI_BASE_URL: api.url };

  const child = spawn(
    process.execPath,
    [PROCESS, JSON.stringify(inject('stacks')['local-run']), stateDirectory],
    { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [url] = await once(child.stdout.setEncoding('utf8'), 'data');
  const scheduledTime = new Date().toISOString();
  fetch(`${url.trim()}/_local/schedules/nightly/early?scheduledTime=${scheduledTime}`, {
    method: 'POST',
    headers: operatorHeader(stateDirectory),
  }).catch(() => 'the local run is killed before it answers');
  await posted.promise;
  const functions = functionProcesses(child);
  expect(functions.length).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await once(child, 'close');
  await expect.poll(() => functions.filter(isAlive)).toEqual([]);

  // Long after the attempt, by the server's clock as well.
  aheadMs = 180_000;
  const clock = manualClock(new Date(Date.now() + aheadMs).toISOString());
  const events: string[] = [];
  const run = await runFixture('local-run', {
    stateDirectory,
    environment,
    schedules: true,
    clock,
    log: ({ line }) => events.push(JSON.parse(line).message.event),
  });
  onTestFinished(() => run.stop());
  const minuteUntil = async (event: string) => {
    await clock.pass(60_000);
    await expect.poll(() => events).toContain(event);
  };
  await minuteUntil('start_unconfirmed');
  await minuteUntil('execution_adopted');
  await expect
    .poll(() => events.filter((event) => event !== 'function_started'))
    .toEqual([
      'firings_counted',
      'start_unconfirmed',
      'sweep_finished',
      'firings_counted',
      'execution_adopted',
      'sweep_finished',
    ]);
  const again = await fetch(
    `${run.url}/_local/schedules/nightly/early?scheduledTime=${scheduledTime}`,
    {
      method: 'POST',
      headers: operatorHeader(stateDirectory),
    },
  );
  expect(await again.json()).toMatchObject({
    state: 'started',
    execution_id: api.executions[0]?.id,
    duplicate: true,
  });
  expect(api.posts).toHaveLength(1);
});
