import { expect, test } from 'vitest';
import { starterFile } from '../../lib/cli/starter-file.ts';
import { load, output } from '../config/temporary-file.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const SERVER = {
  baseUrl: 'https://agi.example.com',
  dialect: 'current',
  timezone: 'Asia/Kolkata',
  schema: './lib/config/triggers.schema.json',
} as const;

test('the file names the server, and each run test with its scenarios as comments', () => {
  const runTests = [{ id: ID, name: 'Checkout', scenarios: ['Happy path', 'a: b # c'] }];
  expect(
    starterFile({ ...SERVER, runTests }),
  ).toBe(`# yaml-language-server: $schema=./lib/config/triggers.schema.json

api:
  baseUrl: https://agi.example.com
  secret: run-test-trigger/api-key # name in Secrets Manager; rtt secret set gives it its value
  dialect: current # what this server was found to speak

defaults:
  timezone: Asia/Kolkata # of every schedule that names none

triggers:
  checkout:
    description: Checkout
    runTestId: ${ID}
    execute: { selectAll: true } # or selectAll: false and some of these:
    # scenarios:
    #   - Happy path
    #   - "a: b # c"
    # schedules:
    #   - cron: 0 2 * * 1-5 # 02:00 from Monday to Friday
    # webhook:
    #   verify: standard-webhooks
    #   secret: run-test-trigger/webhooks/checkout
    # expect: # without it, every call must complete
    #   minSuccessRate: 90
    # budget:
    #   perDay: 20
`);
});

test('without a dialect, none is claimed', () => {
  const { dialect: _, ...unknown } = SERVER;
  expect(starterFile({ ...unknown, runTests: [] })).not.toContain('dialect');
});

/** Names that people give to run tests, and the triggers that they become. */
const NAMES = [
  ['Checkout', 'checkout'],
  ['Checkout', 'checkout-2'],
  ['Kündigung: Straße & Ärger', 'kundigung-stra-e-arger'],
  ['24/7 support', 'support'],
  ['日本語', 'run-test'],
  ['', 'run-test-2'],
  ['constructor', 'run-test-3'],
  ['line\nbreak: "quoted"', 'line-break-quoted'],
  ['x'.repeat(600), 'x'.repeat(36)],
  [`${'y'.repeat(35)}-z`, 'y'.repeat(35)],
] as const;

test('whatever the run tests are called, the file is sound', () => {
  const runTests = NAMES.map(([name]) => ({ id: ID, name, scenarios: [name] }));
  const text = starterFile({ ...SERVER, runTests });
  const loaded = load(text);
  expect(loaded.ok ? Object.keys(loaded.config.triggers) : output(text)).toEqual(
    NAMES.map(([, trigger]) => trigger),
  );
});

test('a name of invisible characters shows them, and reads as it was', () => {
  const name = 'a\u202eb\u200bc\u{e0041}d';
  const text = starterFile({ ...SERVER, runTests: [{ id: ID, name, scenarios: [name] }] });
  expect(text).toContain('    #   - "a\\u202eb\\u200bc\\udb40\\udc41d"\n');
  const loaded = load(text);
  expect(loaded.ok && Object.values(loaded.config.triggers)).toMatchObject([{ description: name }]);
});

test('with every comment taken away, it is sound as well', () => {
  const runTests = NAMES.map(([name], index) => ({
    id: ID,
    name,
    scenarios: [`Scenario ${index}`],
  }));
  const text = starterFile({ ...SERVER, runTests })
    .replaceAll(/selectAll: true \} # or .*/g, 'selectAll: true }')
    .replaceAll(/^ {4}# (scenarios:| {2}- Scenario).*\n/gm, '')
    .replaceAll(/^ {4}# /gm, '    ');
  const loaded = load(text);
  expect(loaded.ok ? loaded.warnings : output(text)).toEqual([]);
});
