import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { synthesize } from '../../lib/stack/synthesize.ts';
import { CONFIG, NOW } from './synthesized.ts';

const scratch = mkdtempSync(join(tmpdir(), 'synthesize-test-'));
const first = join(scratch, 'first');
let stack: Awaited<ReturnType<typeof synthesize>>;
beforeAll(async () => {
  stack = await synthesize({
    config: CONFIG,
    now: NOW,
    stage: 'staging',
    outdir: first,
    nag: false,
  });
});
afterAll(() => rmSync(scratch, { recursive: true }));

test('the assembly holds the template of the stage', () => {
  expect(stack).toEqual({
    stackName: 'run-test-trigger-staging',
    directory: first,
    templateFile: join(first, 'run-test-trigger-staging.template.json'),
  });
  expect(existsSync(stack.templateFile)).toBe(true);
});

test('the assembly holds one bundle for each function', () => {
  const assets = readdirSync(first).filter((name) => name.startsWith('asset.'));
  expect(assets.map((name) => existsSync(join(first, name, 'handler.mjs')))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
});

test('the same input gives the same template, so nothing is deployed again for nothing', async () => {
  const second = join(scratch, 'second');
  const again = await synthesize({
    config: CONFIG,
    now: NOW,
    stage: 'staging',
    outdir: second,
    nag: false,
  });
  expect(readFileSync(again.templateFile, 'utf8')).toBe(readFileSync(stack.templateFile, 'utf8'));
});
