import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { banner } from '../../lib/cli/banner.ts';
import { readRunFile } from '../../lib/local/files/run-file.ts';
import type { LocalRun } from '../../lib/local/local-run.ts';
import { fire } from '../../lib/target/invoke.ts';
import { localTarget } from '../../lib/target/local-target.ts';
import { runFixture } from '../support/local-run.ts';
import { rtt } from '../support/terminal.ts';
import { parseCommand, type Shown, transcriptIn, withoutVolatile } from '../support/transcript.ts';

const document = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');
const directory = mkdtempSync(join(tmpdir(), 'cli-docs-'));

/** Passes by waiting, in no time, and with each command, so that a slow machine shows the same executions. */
let waitedMs = 0;
const startedAt = Date.now();
const clock = {
  now: () => new Date(startedAt + waitedMs),
  async sleep(milliseconds: number) {
    waitedMs += milliseconds;
  },
};

let run: LocalRun;
beforeAll(async () => {
  copyFileSync('test/fixtures/triggers.yaml', join(directory, 'triggers.yaml'));
  vi.stubEnv('TZ', 'Europe/Berlin');
  run = await runFixture('triggers', { stateDirectory: join(directory, '.local'), clock });
  writeFileSync(run.deadLettersFile, [EXPIRED, REMOVED, DAMAGED].map(deadLetter).join(''));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await run.stop();
  rmSync(directory, { recursive: true });
});

/** As a scenario that is removed later leaves it: the command line does not record a misspelt one. */
const REJECTED = {
  trigger: 'checkout-after-deploy',
  requestId: 'cli-0ef62faabfc4',
  execute: { selectAll: false, scenarioIds: [], scenarios: ['Sad path'] },
};

function target() {
  const file = readRunFile(join(directory, '.local'));
  return file ? localTarget(file) : expect.unreachable();
}

/** Too old to start, of a trigger that was removed since, and no event. */
const EXPIRED = {
  trigger: 'nightly-regression',
  schedule: 'early',
  scheduledTime: '2020-01-01T07:00:00Z',
};
const REMOVED = { ...EXPIRED, trigger: 'weekly' };
const DAMAGED = { trigger: 'nightly-regression' };

function deadLetter(event: object, index: number): string {
  const record = {
    version: '1.0',
    timestamp: '2026-11-24T07:05:00Z',
    requestContext: {
      requestId: `00000000-0000-4000-8000-00000000000${index}`,
      functionArn:
        'arn:aws:lambda:us-east-1:000000000000:function:run-test-trigger-trigger:$LATEST',
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: event,
  };
  return `${JSON.stringify(record)}\n`;
}

/** The firings of this run, by their ids in the document. */
const ids = new Map<string, string>();

/** Request ids, and short ids of firings. */
const ID = /cli-\w{12}|^[0-9a-f]{6}(?= {2}|$)/m;

/** As a shell in the directory would run it. */
async function inDirectory(args: readonly string[], stdin: string, calledAs: string) {
  const file = args.indexOf('--triggers') + 1;
  const words = args.map((arg, at) => (file > 0 && at === file ? join(directory, arg) : arg));
  const triggers = ['--triggers', join(directory, 'triggers.yaml')];
  const state = ['--state-dir', join(directory, '.local')];
  const environment = { LOGNAME: 'ada' };
  const { screen, code } = await rtt([...triggers, ...state, ...words], {
    stdin,
    clock,
    environment,
    calledAs,
  });
  const inside = screen.replaceAll(`${directory}/`, '');
  return { screen: inside.replaceAll(' --triggers triggers.yaml --state-dir .local', ''), code };
}

async function output({ command, output: shown }: Shown, calledAs = 'rtt'): Promise<string> {
  waitedMs += 1_000;
  const { args, stdin, showsExit } = parseCommand(command);
  const own = args.map((arg) => arg.replace(ID, (id) => ids.get(id) ?? id));
  const { screen, code } = await inDirectory(own, stdin, calledAs);
  const actual = showsExit ? `${screen}exit ${code}\n` : screen;
  const [inDocument, here] = [shown, actual].map((text) => text.match(new RegExp(ID, 'gm')) ?? []);
  for (const [index, id] of (inDocument ?? []).entries()) ids.set(id, here?.[index] ?? '');
  return actual;
}

test('every command of the document says what the document shows', async () => {
  const transcript = transcriptIn(document);
  const seen: Shown[] = [];
  for (const shown of transcript) {
    if (shown.command.startsWith('rtt retry')) await fire(target(), REJECTED);
    seen.push({ ...shown, output: await output(shown) });
  }
  const comparable = (entries: readonly Shown[]) =>
    entries.map(({ command, output }) => `$ ${command}\n${withoutVolatile(output)}`).join('');
  expect(comparable(seen)).toBe(comparable(transcript));
});

test('the document shows every command', () => {
  const shown = new Set(transcriptIn(document).map(({ command }) => parseCommand(command).args[0]));
  expect([...shown].toSorted()).toEqual([
    'deliver',
    'doctor',
    'fire',
    'history',
    'init',
    'judge',
    'logs',
    'next',
    'notify',
    'pause',
    'redrive',
    'reset-reference',
    'resume',
    'retry',
    'secret',
    'show',
    'stats',
    'validate',
  ]);
});

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('npm start shows what README shows', () => {
  const [, shown = ''] = /^```\n(run-test-trigger {2}http[\s\S]*?)^```$/m.exec(readme) ?? [];
  const text = banner(
    run,
    {
      stateDirectory: '.local',
      now: new Date('2026-11-25T22:00:00Z'),
      typed: (words: string) => `npx rtt ${words}`,
    },
    (_format, plain) => plain,
  );
  expect(withoutVolatile(text)).toContain(withoutVolatile(shown));
  expect(shown).toContain('nightly-regression');
});

test('the command in README says what README shows', async () => {
  waitedMs += 3_600_000;
  const [shown] = transcriptIn(readme.replaceAll('$ npx rtt', '$ rtt'));
  if (!shown) throw new Error('README shows no command');
  expect(withoutVolatile(await output(shown, 'npx rtt'))).toBe(withoutVolatile(shown.output));
});
