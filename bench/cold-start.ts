import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleFunction } from '../lib/stack/function-bundle.ts';

/** Fresh processes per handler, interleaved so that the machine's moods hit all alike. */
const ROUNDS = 25;
const BASELINE = 'by hand, fetch';

const directory = mkdtempSync(join(tmpdir(), 'cold-start-'));
const handlers = {
  [BASELINE]: await bundleByHand('by-hand-fetch'),
  'by hand, node:http': await bundleByHand('by-hand-http'),
  'trigger function': await bundleTrigger(),
};
const invoke = await bundleByHand('invoke');
const services = fork(join(import.meta.dirname, 'services.ts'));
const [port] = await once(services, 'message');
const times = new Map<string, { init: number; invocation: number }[]>();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, handler] of Object.entries(handlers)) {
    const time = await measure(handler, `http://127.0.0.1:${port}`);
    times.set(name, [...(times.get(name) ?? []), time]);
  }
}
services.kill();
print();
rmSync(directory, { recursive: true });

async function bundleByHand(name: string): Promise<string> {
  const outfile = join(directory, `${name}.mjs`);
  const entry = join(import.meta.dirname, `${name}.ts`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
  });
  return outfile;
}

async function bundleTrigger(): Promise<string> {
  bundleFunction('trigger', directory, {
    apiKeySecret: 'run-test-trigger/api-key',
    hasDashboard: false,
    notify: [],
    repeatAfterMinutes: 720,
    retentionDays: 90,
    timezone: 'UTC',
    triggers: {
      nightly: {
        runTestId: '3c90c3cc-0d44-4b50-8888-8dd25736052a',
        execute: { selectAll: true, scenarioIds: [] },
        schedules: [],
        startDeadlineMinutes: 15,
        onUnknown: 'hold',
        unknownGraceMinutes: 10,
        follow: false,
        maxDurationMinutes: 360,
        missedAfterMinutes: 10,
        overlap: 'skip',
        pauseAfterRejected: 5,
      },
    },
  });
  return join(directory, 'handler.mjs');
}

async function measure(
  handler: string,
  url: string,
): Promise<{ init: number; invocation: number }> {
  const child: ChildProcess = fork(invoke, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      HANDLER: handler,
      LEDGER_TABLE: 'ledger',
      API_BASE_URL: url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
      AWS_ENDPOINT_URL_DYNAMODB: url,
    },
  });
  const [message] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (typeof message !== 'object') throw new Error(`${handler} ended with exit code ${message}`);
  return message;
}

function print(): void {
  const baseline = median(times.get(BASELINE) ?? [], total);
  console.log(
    `Cold start, medians of ${ROUNDS} fresh processes: init + first scheduled invocation`,
  );
  for (const [name, runs] of times) {
    const [init, invocation, sum] = [
      median(runs, (run) => run.init),
      median(runs, (run) => run.invocation),
      median(runs, total),
    ];
    console.log(
      `${name.padEnd(20)} ${ms(init)} + ${ms(invocation)} = ${ms(sum)}   ${(sum / baseline).toFixed(2)} ×`,
    );
  }
  const files = readdirSync(directory).filter((name) =>
    /^(handler|chunk|.+-[A-Z0-9]{8})/.test(name),
  );
  const bytes = files.map((name) => statSync(join(directory, name)).size);
  const sum = bytes.reduce((a, b) => a + b, 0);
  console.log(
    `\nTrigger function: ${(sum / 1000).toFixed(0)} kB minified in ${files.length} files`,
  );
}

function total({ init, invocation }: { init: number; invocation: number }): number {
  return init + invocation;
}

function median<T>(runs: readonly T[], value: (run: T) => number): number {
  const sorted = runs.map(value).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function ms(time: number): string {
  return `${time.toFixed(1).padStart(6)} ms`;
}
