import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { deployedIn, readConfigFiles } from '../../../lambda/config/config-files.ts';
import { loadTriggers } from '../../config/load.ts';
import { formatProblems } from '../../config/problem.ts';
import { InputError } from '../../input-error.ts';
import { readAssembly } from './read-assembly.ts';

/**
 * Writes the cloud assembly into an emptied `outdir` and reads it back. Throws InputError with every problem of
 * the triggers file.
 */
export async function synthesizeLocally(triggersFile: string, outdir: string, now: Date) {
  const loaded = loadTriggers(triggersFile, now);
  if (!loaded.ok) throw new InputError(formatProblems(loaded.problems).trimEnd());
  rmSync(outdir, { recursive: true, force: true });
  // CDK takes a second to load: not before the triggers file is known to be sound.
  const { synthesize } = await import('../../stack/synthesize.ts');
  // The local run has a ledger of its own, whichever one the deployment goes on with.
  const { table: _, ...ledger } = loaded.config.ledger;
  const config = { ...loaded.config, ledger };
  const options = { config, now, outdir, nag: false };
  const { templateFile, stackName } = await synthesize(options);
  const assembly = readAssembly(templateFile, stackName);
  const [fn] = assembly.functions;
  if (!fn) throw new Error('The stack has no function');
  const files = readConfigFiles(pathToFileURL(join(fn.assetDirectory, 'handler.mjs')));
  // The configuration as the functions were deployed with it, and the address of the API in the triggers file.
  return {
    assembly,
    config: deployedIn(files),
    apiBaseUrl: config.api.baseUrl,
    /** Of the triggers file; empty without one. */
    warnings: formatProblems(loaded.warnings).trimEnd(),
  };
}

/** Plain data: it passes between threads as a copy. */
export type SynthesizedLocally = Awaited<ReturnType<typeof synthesizeLocally>>;
