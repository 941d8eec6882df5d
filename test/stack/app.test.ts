import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { readAppInput } from '../../lib/stack/app-input.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NOW = new Date('2026-11-24T00:00:00Z');
const scratch = mkdtempSync(join(tmpdir(), 'app-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));

test('the context names stage and triggers file', () => {
  const triggers = join(root, 'test/fixtures/triggers.yaml');
  const context = { stage: 'test', triggers, '@aws-cdk/core:newStyleStackSynthesis': 'true' };
  expect(readAppInput(context, NOW)).toMatchObject({
    ok: true,
    stage: 'test',
    config: { triggers: { 'nightly-regression': {} } },
    warnings: '',
  });
});

test.each([
  [
    'a bad stage',
    { stage: 'Pre Production' },
    '✖ must be 1-20 lower-case letters, digits and dashes, beginning with a letter\n  → at stage\n',
  ],
  [
    'a slip in the name of a context value',
    { stgae: 'prod' },
    'Unknown context -c stgae=… - did you mean "stage"? Known: stage, triggers\n',
  ],
  [
    'a file that does not exist',
    { triggers: '/nowhere/t.yaml' },
    '/nowhere/t.yaml:1:1 error the file does not exist; name another one with -c triggers=FILE\n\n1 error\n',
  ],
])('%s is refused with the reason', (_, context, problems) => {
  expect(readAppInput(context, NOW)).toEqual({ ok: false, problems });
});

test('a bad triggers file ends the app with its problems and exit code 2', () => {
  const file = join(scratch, 'bad.yaml');
  writeFileSync(file, 'api: { secret: api-key }\ntriggers: {}\n"\u202e": 1\n');
  const environment = {
    CDK_CONTEXT_JSON: JSON.stringify({ triggers: file }),
    CDK_OUTDIR: join(scratch, 'app.out'),
  };
  expect(node(['bin/app.js'], environment)).toEqual({
    status: 2,
    stdout: '',
    stderr: `${file}:2:1 error triggers: is empty; add a trigger
${file}:3:1 error ["\\u202e"]: is not a known key; allowed: api, reservedConcurrency, ledger, notify, monitoring, defaults, budget, triggers

2 errors
`,
  });
});

test('an older Node.js is told in one line', () => {
  const older = "Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } })";
  const { status, stderr } = node(['--import', `data:text/javascript,${older}`, 'bin/app.js']);
  expect({ status, lines: stderr.split('\n').length, start: stderr.slice(0, 22) }).toEqual({
    status: 2,
    lines: 2,
    start: 'Node.js 24 is missing,',
  });
});

function node(args: string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, ...environment };
  const options = { cwd: root, encoding: 'utf8', env } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, options);
  return { status, stdout, stderr };
}
