import { expect, test } from 'vitest';
import { rootCommand, sessionOf } from '../../lib/cli/program.ts';
import { systemClock } from '../../lib/clock.ts';

test.each([
  [[], 'show 3f2a', 'rtt show 3f2a'],
  [['--local'], 'show 3f2a', 'rtt show 3f2a --local'],
  [['--stage', 'test'], 'next', 'rtt next --stage test'],
  [
    ['--state-dir', '/tmp/a state', '--triggers', "it's.yaml"],
    'next',
    "rtt next --triggers 'it'\\''s.yaml' --state-dir '/tmp/a state'",
  ],
])('a printed command has what %j said of files and target', (args, words, line) => {
  const root = rootCommand().action(() => {});
  root.parse(args, { from: 'user' });
  const { stdin, stdout, stderr, stderr: progress } = process;
  const io = { stdin, stdout, stderr, progress, environment: {}, clock: systemClock, exitCode: 0 };
  expect(sessionOf(io, root).typed(words)).toBe(line);
});

test.each([
  ['exec', 'npx rtt next'],
  ['start', 'npx rtt next'],
  ['run-script', 'npm run rtt -- next'],
])('a command that npm %s runs prints commands that work there', (command, line) => {
  const root = rootCommand();
  const { stdin, stdout, stderr, stderr: progress } = process;
  const environment = { npm_command: command };
  const io = { stdin, stdout, stderr, progress, environment, clock: systemClock, exitCode: 0 };
  expect(sessionOf(io, root).typed('next')).toBe(line);
});
