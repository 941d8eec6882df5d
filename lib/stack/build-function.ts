import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

/**
 * Writes the code of a function, which is `lambda/<name>`, into an empty directory: `handler.mjs`, and the chunks that it imports when it needs
 * them. The same sources give the same bytes. Rejects when a module is missing.
 */
export async function buildFunction(name: string, directory: string): Promise<void> {
  await build(optionsOf(name, directory));
}

/** @param directory where the bundle goes. */
export function optionsOf(name: string, directory: string): BuildOptions {
  return {
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
  };
}

function lambdaFile(path: string): string {
  return fileURLToPath(new URL(`../../lambda/${path}`, import.meta.url));
}
