import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

const scratch = mkdtempSync(join(tmpdir(), 'package-test-'));
const folder = join(scratch, 'somewhere');
const packageFolder = join(folder, 'node_modules/run-test-trigger');
/** Without the project's own Node 24, where the machine's Node.js is one of `engines`: CI has the lowest. */
const ownPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.endsWith(join('node_modules', '.bin')))
  .join(delimiter);
const machineNode = execFileSync('node', ['--version'], {
  env: { PATH: ownPath },
  encoding: 'utf8',
});
const isNewEnough = machineNode.slice(1).localeCompare('22.21', 'en', { numeric: true }) >= 0;
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(FI|AWS|RTT|npm_(package|lifecycle))_/.test(name),
    ),
  ),
  npm_config_cache: join(scratch, 'cache'),
  ...(isNewEnough && { PATH: ownPath }),
};
const packedSchema = z.object({ filename: z.string() });
let tarball: string;

function npm(...args: readonly string[]): string {
  return execFileSync('npm', args, {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

function rtt(...args: readonly string[]): string {
  return npm('exec', '--', 'rtt', ...args);
}

/** Packs this repository; resolves to the tarball. */
function pack(destination: string): string {
  mkdirSync(destination);
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', destination], {
    cwd: join(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
  const { filename } = packedSchema.parse(Object.values(JSON.parse(output))[0]);
  return join(destination, filename);
}

beforeAll(() => {
  mkdirSync(folder);
  tarball = pack(join(scratch, 'packed'));
  npm('init', '--yes');
  npm('install', '--no-audit', '--no-fund', tarball);
}, 300_000);
afterAll(() => rmSync(scratch, { recursive: true }));

test('publint finds nothing', () => {
  const output = execFileSync('npx', ['publint', tarball, '--strict'], { encoding: 'utf8' });
  expect(output).toContain('All good!');
});

test('the same commit gives the same bytes', () => {
  const again = pack(join(scratch, 'packed-again'));
  expect(readFileSync(again).equals(readFileSync(tarball))).toBe(true);
}, 120_000);

test('the action runs where nothing is installed', () => {
  const dist = join(scratch, 'action/dist');
  cpSync(join(packageFolder, 'dist'), dist, { recursive: true });
  const inputs = { INPUT_TRIGGER: 'nightly', INPUT_URL: 'http://example.com', INPUT_SECRET: 'a' };
  const { status, stdout } = spawnSync(process.execPath, [join(dist, 'action.js')], {
    env: inputs,
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({
    status: 2,
    stdout: '::error title=nightly::The input url must begin with https://\n',
  });
  const after = execFileSync(process.execPath, [join(dist, 'action-cancelled.js')], {
    env: inputs,
  });
  expect(String(after)).toMatch(/^::warning title=nightly::Cancelled before/);
});

test('a few small packages are installed, and none of them is the CDK', () => {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  expect(Object.keys(packages).length - 1).toBeLessThanOrEqual(13);
  expect(existsSync(join(folder, 'node_modules/aws-cdk-lib'))).toBe(false);
  expect(statSync(tarball).size).toBeLessThan(3_500_000);
});

test('init writes a file that validate takes and whose schema an editor finds', () => {
  rtt('init');
  const [, schema = ''] =
    /\$schema=(.*)/.exec(readFileSync(join(folder, 'triggers.yaml'), 'utf8')) ?? [];
  expect(schema).toBe('./node_modules/run-test-trigger/lib/config/triggers.schema.json');
  expect(existsSync(join(folder, schema))).toBe(true);
  expect(rtt('validate')).toContain('triggers.yaml is valid: 1 trigger');
});

test('start fires a trigger of it', () => {
  const report = JSON.parse(rtt('start', '--fire', 'nightly-regression'));
  expect(report).toMatchObject({ state: 'started', stand_in: true, trigger: 'nightly-regression' });
});

test('the version is that of the commit', () => {
  expect(rtt('--version')).toMatch(/^0\.1\.0\+[0-9a-f]{12}/);
});

test('the license of every bundled package is in it', () => {
  const notices = readFileSync(join(packageFolder, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  expect(notices).toMatch(/^dynalite \d+\.\d+\.\d+ \(Apache-2\.0\)$/m);
  expect(notices).toContain('MPL-2.0');
});
