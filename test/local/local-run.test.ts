import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { systemClock } from '../../lib/clock.ts';
import { InputError } from '../../lib/input-error.ts';
import { synthesizeLocally } from '../../lib/local/assembly/synthesize-locally.ts';
import { readRunFile } from '../../lib/local/files/run-file.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { startStandInApi } from '../../lib/local/stand-in/stand-in-api.ts';
import { scenariosByRunTest } from '../../lib/local/stand-in/stand-in-scenarios.ts';
import { runFixture } from '../support/local-run.ts';
import { operatorHeader } from '../support/operator.ts';
import { rtt } from '../support/terminal.ts';
import { temporaryDirectory } from './hand-written-stack.ts';

const RUN_TEST = '11111111-2222-4333-8444-555555555555';
const STARTED = { ok: true, payload: expect.stringContaining('"state":"started"') };
const TRIGGERS = readFileSync(new URL('../fixtures/local-run.yaml', import.meta.url), 'utf8');

function options(directory: string) {
  const lines: string[] = [];
  const notices: string[] = [];
  return {
    lines,
    notices,
    stateDirectory: join(directory, 'state'),
    log: ({ line }: { line: string }) => lines.push(line),
    notice: (text: string) => notices.push(text),
  };
}

describe('with the stand-in', () => {
  let directory: string;
  let run: LocalRun;
  let settings: ReturnType<typeof options>;
  const changed = { name: 'local-run' as 'local-run' | 'triggers', fault: '' };

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'local-run-'));
    settings = options(directory);
    run = await runFixture('local-run', {
      ...settings,
      synthesize: async () => inject('stacks')[changed.name],
      async page() {
        if (changed.fault !== '') throw new Error(changed.fault);
        return async () => 'not-mine';
      },
    });
  });
  afterAll(async () => {
    await run.stop();
    rmSync(directory, { recursive: true });
  });

  const posts = () => run.standIn?.received.filter(({ method }) => method === 'POST') ?? [];

  test('the same occurrence twice starts one execution', async () => {
    const before = posts().length;
    const time = new Date().toISOString();
    const fire = async () => {
      const path = `/_local/schedules/nightly/early?scheduledTime=${time}`;
      return JSON.parse(
        await (
          await fetch(`${run.url}${path}`, {
            method: 'POST',
            headers: operatorHeader(settings.stateDirectory),
          })
        ).text(),
      );
    };
    const first = await fire();
    expect(first).toMatchObject({ state: 'started', total_scenarios: 4 });
    expect(await fire()).toMatchObject({ duplicate: true, execution_id: first.execution_id });
    expect(posts()).toHaveLength(before + 1);
  });

  test('a change loses no request, and keeps the addresses and the key', async () => {
    const before = readRunFile(settings.stateDirectory);
    const fire = async (second: number) => {
      const time = new Date(Date.now() - second * 1_000).toISOString();
      const path = `/_local/schedules/nightly/early?scheduledTime=${time}`;
      const response = await fetch(`${run.url}${path}`, {
        method: 'POST',
        headers: operatorHeader(settings.stateDirectory),
      });
      return JSON.parse(await response.text());
    };
    const underWay = fire(1);
    const change = run.change();
    const during = fire(2);
    expect(Object.keys(await change)).toContain('nightly');
    const started = { state: 'started' };
    expect(await Promise.all([underWay, during, fire(3)])).toMatchObject([
      started,
      started,
      started,
    ]);
    expect(readRunFile(settings.stateDirectory)).toEqual(before);
  });

  test('a change that fails leaves everything as it was', async () => {
    Object.assign(changed, { name: 'triggers', fault: 'no page' });
    onTestFinished(() => void Object.assign(changed, { name: 'local-run', fault: '' }));
    await expect(run.change()).rejects.toThrow('no page');
    expect(await run.fire('nightly')).toMatchObject(STARTED);
  });

  test('a second run on the same state is refused', async () => {
    await expect(runFixture('local-run', settings)).rejects.toThrow(InputError);
  });

  test('a port that is taken is refused', async () => {
    const port = Number(new URL(run.url).port);
    const second = runFixture('local-run', { stateDirectory: temporaryDirectory(), port });
    await expect(second).rejects.toThrow(
      `Port ${port} is taken: choose another with --port, or 0 for any free one`,
    );
  });

  test('the functions know the key only through Secrets Manager', () => {
    const secrets = JSON.parse(readFileSync(run.secretsFile, 'utf8'));
    const key = secrets['run-test-trigger/api-key'];
    expect(key).toMatch(/^stand-in-[0-9a-f]{32}$/);
    expect(posts()[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(settings.lines.join('\n')).not.toContain(key);
  });
});

test('with FI_API_KEY the real API is called, and the key is in no file and no log', async () => {
  const settings = options(temporaryDirectory());
  const KEY = 'fi-key-0123456789abcdef';
  let accepted = KEY;
  const api = await startStandInApi({
    runTests: scenariosByRunTest({
      nightly: {
        runTestId: RUN_TEST,
        execute: { selectAll: true, scenarioIds: [] },
        schedules: [],
        startDeadlineMinutes: 15,
        onUnknown: 'hold',
        unknownGraceMinutes: 10,
        follow: true,
        maxDurationMinutes: 360,
        missedAfterMinutes: 10,
        overlap: 'allow',
        pauseAfterRejected: 5,
      },
    }),
    apiKey: () => accepted,
    file: join(temporaryDirectory(), 'executions.jsonl'),
    clock: systemClock,
  });
  onTestFinished(() => api.stop());
  const environment = { FI_API_KEY: KEY, FI_BASE_URL: `${api.url}/` };
  const run = await runFixture('local-run', { ...settings, environment });
  const outcome = await run.fire('nightly');
  accepted = 'another';
  const state = ['--state-dir', settings.stateDirectory];
  const set = ['secret', 'set', 'run-test-trigger/api-key', ...state];
  const said = [
    (await rtt(['fire', 'by-pipeline', '--json', ...state])).stdout,
    (await rtt(['doctor', '--json', ...state])).stdout,
    (await rtt(set, { stdin: 'another' })).stderr,
  ];
  environment.FI_API_KEY = '{';
  await run.change();
  said.push((await rtt(['secret', 'list', ...state])).stdout);
  await run.stop();
  for (const text of said.map((each) => each.replace(/\n +/g, ' '))) {
    expect(text).toContain('start the local run again with another FI_API_KEY');
    expect(text).not.toContain('rtt secret set');
  }
  expect(outcome).toMatchObject(STARTED);
  expect(run.standIn).toBeUndefined();
  expect(new Set(settings.notices)).toEqual(
    new Set([`Calling the real API at ${api.url}: every execution COSTS MONEY.`]),
  );
  const files = readdirSync(settings.stateDirectory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(files.length).toBeGreaterThan(5);
  expect([...files, ...settings.lines].filter((text) => text.includes(KEY))).toEqual([]);
});

test('a bad triggers file is refused with every problem', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'triggers.yaml');
  writeFileSync(file, TRIGGERS.replace('selectAll', 'selectall'));
  const run = runFixture('local-run', {
    ...options(directory),
    synthesize: (outdir) => synthesizeLocally(file, outdir, new Date()),
  });
  await expect(run).rejects.toThrow(/triggers\.yaml:\d+:\d+ error /);
});
