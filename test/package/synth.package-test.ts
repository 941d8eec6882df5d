import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CDK = join(root, 'node_modules/aws-cdk/bin/cdk');
/** The app has the Node.js of this process as well. */
const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;

test('cdk synth takes the example, and neither nag nor the CDK objects to anything', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const context = ['-c', 'stage=test', '-c', 'triggers=test/fixtures/triggers.yaml'];
  const { status, stderr } = spawnSync(
    process.execPath,
    [CDK, 'synth', '--quiet', '--output', outdir, ...context],
    { cwd: root, encoding: 'utf8', env: { ...process.env, PATH } },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('ERROR') });
  expect(existsSync(join(outdir, 'run-test-trigger-test.template.json'))).toBe(true);
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  expect(report.pluginReports).toEqual([]);
});
