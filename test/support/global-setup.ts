import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import {
  type SynthesizedLocally,
  synthesizeLocally,
} from '../../lib/local/assembly/synthesize-locally.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** An empty home directory. */
    readonly home: string;
    /** Each triggers file of test/fixtures, synthesized for local runs. */
    readonly stacks: Readonly<Record<'triggers' | 'local-run', SynthesizedLocally>>;
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'run-test-trigger-tests-'));

/** Makes once what many files use. */
export async function setup({ provide }: TestProject): Promise<void> {
  // The processes that the tests start share what one has compiled, and nothing of it stays.
  process.env.NODE_COMPILE_CACHE = join(scratch, 'compiled');
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const home = join(scratch, 'home');
  mkdirSync(home);
  provide('home', home);
  provide('stacks', {
    triggers: await stackOf('triggers'),
    'local-run': await stackOf('local-run'),
  });
  module.flushCompileCache();
}

export function teardown(): void {
  rmSync(scratch, { recursive: true });
}

async function stackOf(name: string): Promise<SynthesizedLocally> {
  const file = join(import.meta.dirname, `../fixtures/${name}.yaml`);
  const stack = await synthesizeLocally(file, join(scratch, name), new Date());
  if (stack.warnings !== '') throw new Error(`A fixture has warnings: ${stack.warnings}`);
  return stack;
}
