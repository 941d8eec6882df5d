import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';

const scratch = mkdtempSync(join(tmpdir(), 'package-test-'));
const folder = join(scratch, 'somewhere');
const packageFolder = join(folder, 'node_modules/run-test-trigger');
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(FI|AWS|RTT|npm_(package|lifecycle))_/.test(name),
    ),
  ),
  npm_config_cache: join(scratch, 'cache'),
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

beforeAll(() => {
  mkdirSync(folder);
  const root = join(import.meta.dirname, '../..');
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', scratch], {
    cwd: root,
    encoding: 'utf8',
  });
  const { filename } = packedSchema.parse(Object.values(JSON.parse(output))[0]);
  tarball = join(scratch, filename);
  npm('init', '--yes');
  npm('install', '--no-audit', '--no-fund', tarball);
}, 300_000);
afterAll(() => rmSync(scratch, { recursive: true }));

test('publint finds nothing', () => {
  const output = execFileSync('npx', ['publint', tarball, '--strict'], { encoding: 'utf8' });
  expect(output).toContain('All good!');
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
