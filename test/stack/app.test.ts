import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'app-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

test('cdk synth takes the example and finds nothing to object to', () => {
  const outdir = join(scratch, 'cdk.out');
  const cdk = join(root, 'node_modules/aws-cdk/bin/cdk');
  const context = ['-c', 'stage=test', '-c', 'triggers=test/fixtures/triggers.yaml'];
  const { status, stderr } = run([cdk, 'synth', '--quiet', '--output', outdir, ...context]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('ERROR') });
  expect(existsSync(join(outdir, 'run-test-trigger-test.template.json'))).toBe(true);
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  expect(report.pluginReports).toEqual([]);
});

test('a bad triggers file ends with its problems and exit code 2', () => {
  const file = join(scratch, 'bad.yaml');
  writeFileSync(file, 'api: { secret: api-key }\ntriggers: {}\n"\u202e": 1\n');
  expect(app({ triggers: file })).toEqual({
    status: 2,
    stdout: '',
    stderr: `${file}:2:1 error triggers: is empty; add a trigger
${file}:3:1 error ["\\u202e"]: is not a known key; allowed: api, reservedConcurrency, ledger, notify, monitoring, defaults, budget, triggers

2 errors
`,
  });
});

test('a bad stage ends with the reason and exit code 2', () => {
  expect(app({ stage: 'Pre Production' })).toEqual({
    status: 2,
    stdout: '',
    stderr:
      '✖ must be 1-20 lower-case letters, digits and dashes, beginning with a letter\n  → at stage\n',
  });
});

test('a slip in the name of a context value ends with the name that is meant and exit code 2', () => {
  expect(app({ stgae: 'prod', '@aws-cdk/core:newStyleStackSynthesis': 'true' })).toEqual({
    status: 2,
    stdout: '',
    stderr: 'Unknown context -c stgae=… - did you mean "stage"? Known: stage, triggers\n',
  });
});

test('an older Node.js is told in one line', () => {
  const older = "Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })";
  const { status, stderr } = run(['--import', `data:text/javascript,${older}`, 'bin/app.js']);
  expect({ status, lines: stderr.split('\n').length, start: stderr.slice(0, 22) }).toEqual({
    status: 2,
    lines: 2,
    start: 'Node.js 24 is missing,',
  });
});

/** The app as the CDK command line starts it. */
function app(context: Record<string, string>) {
  const { status, stdout, stderr } = run(['bin/app.js'], {
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_OUTDIR: join(scratch, 'app.out'),
  });
  return { status, stdout, stderr };
}

/** With the Node.js of this process also for `node bin/app.ts` of cdk.json. */
function run(args: string[], environment: Record<string, string> = {}) {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, PATH, ...environment };
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env });
}
