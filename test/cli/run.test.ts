import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { currentBuild } from '../../lib/build.ts';
import { rtt } from '../support/terminal.ts';

const directory = mkdtempSync(join(tmpdir(), 'run-'));
const file = join(directory, 'file');
beforeAll(() => writeFileSync(file, 'no folder'));
afterAll(() => rmSync(directory, { recursive: true }));

const COMMANDS = [
  'start',
  'validate',
  'next',
  'fire',
  'deliver',
  'history',
  'logs',
  'stats',
  'report',
  'show',
  'retry',
  'cancel',
  'pause',
  'resume',
  'redrive',
  'console',
  'secret',
  'secret set',
  'secret list',
  'secret rotate',
  'doctor',
  'deploy',
  'destroy',
  'init',
  'complete',
];

test.each(COMMANDS)('%s explains itself in 80 columns, with examples', async (command) => {
  const { code, stdout, stderr } = await rtt([...command.split(' '), '--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('\nExamples:\n');
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('the list of commands speaks of each in the same way', async () => {
  const { stdout } = await rtt(['--help']);
  const [, list = ''] = /\nCommands:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
  const summaries = list.split('\n').map((line) => line.slice(2).split(/ {2,}/)[1] ?? '');
  expect(summaries.length).toBeGreaterThan(10);
  expect(summaries.filter((summary) => !/^[a-z].*[^.]$/.test(summary))).toEqual([]);
});

test.each([
  ['--version', 0, `${currentBuild()}\n`],
  [
    'pause nightly --local',
    2,
    'Say why: rtt pause nightly --local --reason "what happened"\nrtt pause --help shows how\n',
  ],
  ['retry', 2, 'Say why: rtt retry FIRING --reason "what happened"\nrtt retry --help shows how\n'],
  ['pause', 2, 'Say why: rtt pause TRIGGER --reason "what happened"\nrtt pause --help shows how\n'],
  [
    'resume --all',
    2,
    'Say why: rtt resume --all --reason "what happened"\nrtt resume --help shows how\n',
  ],
  ['frobnicate', 2, "Unknown command 'frobnicate'\nrtt --help shows how\n"],
  [
    'start --prot 1',
    2,
    "Unknown option '--prot'\n(Did you mean --port?)\nrtt start --help shows how\n",
  ],
  [
    'history --trigger nightly --since 7d',
    2,
    'The trigger is given without --trigger: rtt history nightly --since 7d\nrtt history --help shows how\n',
  ],
  [
    'retry --firing=x --reason y',
    2,
    'The firing is given without --firing: rtt retry x --reason y\nrtt retry --help shows how\n',
  ],
  [
    'logs nightly',
    2,
    "Too many arguments for 'logs'. Expected 0 arguments but got 1: nightly.\n(Did you mean --trigger nightly?)\nrtt logs --help shows how\n",
  ],
  [
    'validate --trigger x',
    2,
    "Unknown option '--trigger'\n(Did you mean --triggers?)\nrtt validate --help shows how\n",
  ],
  ['hist', 2, "Unknown command 'hist'\n(Did you mean history?)\nrtt --help shows how\n"],
  ['secret set', 2, "Missing required argument 'name'\nrtt secret set --help shows how\n"],
  [
    'fire x --timeout 1',
    2,
    "Option '--timeout <time>' argument '1' is invalid. It must be a whole number and a unit: 90s, 30m, 2h, 7d or 1w.\nrtt fire --help shows how\n",
  ],
  ['complete', 2, "Missing required argument 'shell'\nrtt --help shows how\n"],
  [
    'complete tcsh',
    2,
    "Command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are zsh, bash, fish, powershell.\nrtt --help shows how\n",
  ],
  [
    'retry x --reason=',
    2,
    "Option '--reason <text>' argument '' is invalid. It must say why.\nrtt retry --help shows how\n",
  ],
  [
    'pause x --reason y --until 2020-01-01T00:00:00Z',
    2,
    '--until is in the past (2020-01-01T00:00:00.000Z): nothing was paused\n',
  ],
  [
    'next checkout-after-deploy --triggers test/fixtures/triggers.yaml',
    0,
    'checkout-after-deploy has no schedule: nothing fires by itself.\n',
  ],
  [
    `start --port 0 --state-dir ${file}`,
    2,
    `${file} cannot be used: file already exists (mkdir). Fix that, or name another file or folder\n`,
  ],
  [
    'history --state-dir=',
    2,
    "Option '--state-dir <dir>' argument '' is invalid. It must not be empty.\nrtt --help shows how\n",
  ],
  [
    'start --port 0 --state-dir /proc/nowhere/x',
    2,
    '/proc/nowhere cannot be used: no such file or directory (mkdir). Fix that, or name another file or folder\n',
  ],
  [
    `history --local --state-dir ${directory}`,
    2,
    `No local run is running in ${directory}: start one with rtt start --local --state-dir ${directory}\n`,
  ],
])('rtt %s ends with %i and says what is the matter', async (line, code, screen) => {
  expect(await rtt(line.split(' '))).toMatchObject({ code, screen });
});

test('a hint is typed as the command was', async () => {
  const { screen } = await rtt(['secret', 'set'], { calledAs: 'npx rtt' });
  expect(screen).toBe("Missing required argument 'name'\nnpx rtt secret set --help shows how\n");
});
