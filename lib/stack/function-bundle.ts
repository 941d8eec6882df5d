import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFiles } from '../../lambda/config/config-files.ts';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { packaged } from '../packaged.ts';

/** The stack's Lambda functions; each has its entry in `lambda/<name>/handler.ts`. */
export const FUNCTION_NAMES = ['trigger', 'webhook', 'starter', 'sweep', 'notify'] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** The directory of each function's bundle. */
export type Bundles = Readonly<Record<FunctionName, string>>;

/**
 * Writes what Lambda runs into an empty directory: the code, which the package brings and the repository builds, and
 * the configuration. The same sources and configuration give the same bytes.
 */
export async function bundleFunction(
  name: FunctionName,
  directory: string,
  config: DeployedConfig,
): Promise<void> {
  if (packaged) cpSync(join(import.meta.dirname, 'functions', name), directory, COPY);
  else await (await import('./build-function.ts')).buildFunction(name, directory);
  for (const [file, text] of configFiles(config)) writeFileSync(join(directory, file), text);
}

const COPY = { recursive: true };
