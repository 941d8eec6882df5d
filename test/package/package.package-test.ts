import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
const manifestSchema = z.object({ peerDependencies: z.record(z.string(), z.string()) });
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

test('the types of what is exported are found by every module resolution', () => {
  const asset = ['--exclude-entrypoints', 'triggers.schema.json', 'package.json'];
  const output = execFileSync('npx', ['attw', tarball, ...asset], { encoding: 'utf8' });
  expect(output).toContain('No problems found');
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

describe('in a CDK app', () => {
  const app = join(scratch, 'app');
  const inApp = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { cwd: app, env: environment, encoding: 'utf8', stdio: 'pipe' });
  const text = readFileSync(join(import.meta.dirname, '../../docs/construct.md'), 'utf8');
  const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  const compiler = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');

  beforeAll(() => {
    mkdirSync(app);
    const { peerDependencies } = manifestSchema.parse(
      JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')),
    );
    const lowest = Object.entries(peerDependencies).map(
      ([name, range]) => `${name}@${range.replace('^', '')}`,
    );
    inApp('npm', 'init', '--yes');
    inApp('npm', 'install', '--no-audit', '--no-fund', tarball, ...lowest);
    cpSync(join(import.meta.dirname, '../fixtures/triggers.yaml'), join(app, 'triggers.yaml'));
  }, 300_000);

  // The endings of `cdk init` apps: CommonJS unless package.json says otherwise.
  test.each([
    ['as CommonJS', 'cts', 'node16'],
    ['as ESM', 'mts', 'node16'],
    ['with an old resolution of modules', 'ts', 'commonjs'],
  ])(
    'the examples of the document compile and synthesize %s',
    (_, ending, module) => {
      const files = examples.map((code, index) => {
        const file = `example-${index}.${ending}`;
        const made = code.includes('const app =') ? 'app' : 'stack.node.root';
        writeFileSync(join(app, file), `${code}(${made} as import('aws-cdk-lib').App).synth();\n`);
        return file;
      });
      const options = ['--strict', '--skipLibCheck', '--target', 'es2022', '--module', module];
      inApp(process.execPath, compiler, ...options, ...files);
      for (const file of files) inApp(process.execPath, file.replace('ts', 'js'));
    },
    180_000,
  );
});
