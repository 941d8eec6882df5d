import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { packaged } from '../packaged.ts';

/** How the page is bundled into `page.js` and `page.css` of this folder. */
export function pageOptions(outdir: string): BuildOptions {
  const folder = join(import.meta.dirname, 'page');
  return {
    entryPoints: ['main.tsx', 'page.css'].map((name) => ({ in: join(folder, name), out: 'page' })),
    absWorkingDir: folder,
    outdir,
    bundle: true,
    minify: true,
    legalComments: 'none',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    tsconfigRaw: {},
  };
}

/**
 * What a browser loads beside the HTML document: the package has it in the folder `console`, in the repository it is
 * bundled now.
 */
export async function readPageAssets() {
  if (packaged) {
    const file = (name: string) => readFile(join(import.meta.dirname, 'console', name), 'utf8');
    const [script, style] = await Promise.all([file('page.js'), file('page.css')]);
    return { script, style };
  }
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ ...pageOptions('/'), write: false });
  const text = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css') };
}
