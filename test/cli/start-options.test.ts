import { expect, test } from 'vitest';
import { parseStartOptions } from '../../lib/cli/start-options.ts';

const DEFAULTS = { triggersFile: 'triggers.yaml', stateDirectory: '.local', help: false };

test.each([
  { args: [], options: DEFAULTS },
  { args: ['--port', '0'], options: { ...DEFAULTS, port: 0 } },
  { args: ['--port=9000'], options: { ...DEFAULTS, port: 9000 } },
  { args: ['--fire', 'nightly'], options: { ...DEFAULTS, fire: 'nightly' } },
  {
    args: ['--triggers', 'a.yaml', '--state', '/tmp/x'],
    options: { ...DEFAULTS, triggersFile: 'a.yaml', stateDirectory: '/tmp/x' },
  },
  { args: ['-h'], options: { ...DEFAULTS, help: true } },
])('$args is understood', ({ args, options }) => {
  expect(parseStartOptions(args)).toEqual(options);
});

test.each([
  [['--prot', '1'], 'Unknown option --prot - did you mean "--port"?'],
  [['-x'], 'Unknown option -x: see --help'],
  [['--port', '65536'], '--port must be a number from 0 to 65535, not "65536"'],
  [['--port', 'http'], '--port must be a number from 0 to 65535, not "http"'],
  [['--port'], '--port needs a value: see --help'],
  [['--fire', '--port', '1'], '--fire needs a value: see --help'],
  [['nightly'], 'Unexpected argument "nightly": see --help'],
])('%o is refused', (args, message) => {
  expect(() => parseStartOptions(args)).toThrow(message);
});
