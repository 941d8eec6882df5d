import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';

/** The stack's Lambda functions; each has its entry in `lambda/<name>/handler.ts`. */
export type FunctionName = 'trigger' | 'webhook' | 'starter' | 'sweep' | 'notify';

/** The directory of each function's bundle. */
export type Bundles = Readonly<Record<FunctionName, string>>;

/**
 * Writes what Lambda runs into an empty directory: `handler.mjs`, the chunks that it imports when it needs them,
 * and `triggers.json`. The same sources and configuration give the same bytes. Rejects when a module is missing.
 */
export async function bundleFunction(
  name: FunctionName,
  directory: string,
  config: DeployedConfig,
): Promise<void> {
  await build({
    // Else esbuild takes the folder in which it was first loaded, which may be gone.
    absWorkingDir: lambdaFile('.'),
    entryPoints: { handler: lambdaFile(`${name}/handler.ts`) },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    legalComments: 'none',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // 24 ms of a cold start, and 132 kB; each file says why.
    alias: {
      'node:http': lambdaFile('runtime/builtin-http.ts'),
      '@aws-sdk/credential-provider-node': lambdaFile('runtime/environment-credentials.ts'),
    },
  });
  writeFileSync(join(directory, 'triggers.json'), JSON.stringify(config));
}

function lambdaFile(path: string): string {
  return fileURLToPath(new URL(`../../lambda/${path}`, import.meta.url));
}
