import { delimiter, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { calledAs } from '../../lib/cli/called-as.ts';
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
  const own = { environment: {}, clock: systemClock, calledAs: 'rtt', exitCode: 0 };
  const io = { stdin, stdout, stderr, progress, ...own };
  expect(sessionOf(io, root).typed(words)).toBe(line);
});

test.each([
  ['npx rtt', '/p/node_modules/.bin/rtt', { npm_command: 'exec', npm_lifecycle_event: 'npx' }],
  ['npx rtt', resolve('bin/rtt.js'), { npm_command: 'start', npm_lifecycle_event: 'start' }],
  ['npx rtt', '/p/node_modules/.bin/rtt', { npm_command: 'run-script', npm_lifecycle_event: 'e' }],
  ['npm run rtt --', '/p/x', { npm_command: 'run-script', npm_lifecycle_event: 'rtt' }],
  ['npx rtt', '/p/node_modules/.bin/rtt', { npm_lifecycle_event: 'rtt', PATH: '/p' }],
  ['rtt', '/usr/local/bin/rtt', { PATH: ['/bin', '/usr/local/bin'].join(delimiter) }],
  ['npx rtt', '/p/node_modules/.bin/rtt', { PATH: '/bin' }],
  ['npx rtt', '/p/node_modules/run-test-trigger/bin/rtt.js', {}],
  ['npx rtt', '/actions/dist/action.js', {}],
  [`node ${join('bin', 'rtt.js')}`, resolve('bin/rtt.js'), { PATH: '/bin' }],
])('%s is proposed for %s with %o', (called, script, environment) => {
  expect(calledAs(script, environment)).toBe(called);
});
