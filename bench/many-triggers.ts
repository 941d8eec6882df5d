import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadTriggers } from '../lib/config/load.ts';
import { readAssembly } from '../lib/local/assembly/read-assembly.ts';
import { synthesize } from '../lib/stack/synthesize.ts';
import { table } from './table.ts';

const COUNTS = [10, 100, 1_000, 10_000];

/** How long it takes to load a file, to synthesize its stack, to read that for the local run, and to start this. */
export async function manyTriggers(): Promise<string> {
  const rows: string[][] = [];
  // The first loads the CDK, which is not part of any.
  await measure(1);
  for (const count of COUNTS) rows.push(await measure(count));
  const head = [
    'triggers',
    'load',
    'synthesize',
    'read for the local run',
    '`rtt start`',
    'templates',
    'largest',
  ];
  return `Seconds; \`rtt start\`, which does all of them, in a process of its own until it is up. Each trigger has one schedule.\n\n${table(head, rows)}`;
}

async function measure(count: number): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'many-triggers-'));
  try {
    const file = join(directory, 'triggers.yaml');
    writeFileSync(file, textOf(count));
    const now = new Date();
    const begun = performance.now();
    const loaded = loadTriggers(file, now);
    if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
    const loadedAt = performance.now();
    const outdir = join(directory, 'out');
    const options = { config: loaded.config, now, outdir, nag: false };
    const { templateFile, stackName } = await synthesize(options);
    const synthesizedAt = performance.now();
    const { schedules } = readAssembly(templateFile, stackName);
    const readAt = performance.now();
    if (schedules.length !== count + 1) throw new Error(`${schedules.length} schedules`);
    const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
    const largest = Math.max(...templates.map((name) => statSync(join(outdir, name)).size));
    const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(2)} s`;
    return [
      count.toLocaleString('en'),
      seconds(begun, loadedAt),
      seconds(loadedAt, synthesizedAt),
      seconds(synthesizedAt, readAt),
      seconds(0, await localStart(file, join(directory, 'state'))),
      String(templates.length),
      `${(largest / 1000).toFixed(0)} kB`,
    ];
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Milliseconds until the local run says that it is up. */
async function localStart(triggersFile: string, stateDirectory: string): Promise<number> {
  const begun = performance.now();
  const options = ['--port', '0', '--triggers', triggersFile, '--state-dir', stateDirectory];
  const child = spawn(process.execPath, ['bin/rtt.js', 'start', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let isUp = false;
  for await (const line of createInterface(child.stderr)) {
    isUp = line.startsWith('Logs follow');
    if (isUp) break;
  }
  const took = performance.now() - begun;
  if (!isUp) throw new Error('rtt start did not come up');
  child.kill();
  await once(child, 'exit');
  return took;
}

function textOf(count: number): string {
  const triggers = Array.from(
    { length: count },
    (_, index) => `  trigger-${index}:
    runTestId: 3c90c3cc-0d44-4b50-8888-8dd25736052a
    execute: { selectAll: true }
    schedules: [{ cron: "${index % 60} ${index % 24} * * ? *", timezone: Europe/Berlin, name: early }]
`,
  );
  return `api: { baseUrl: "https://api.example.com", secret: api-key }\ntriggers:\n${triggers.join('')}`;
}
