import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { currentBuild, remoteUrl } from '../build.ts';
import { pageOptions } from '../console/page-assets.ts';
import type { Packaged } from '../packaged.ts';
import { optionsOf } from '../stack/build-function.ts';
import { FUNCTION_NAMES } from '../stack/function-bundle.ts';
import { noticesOf } from './notices.ts';

/**
 * Writes `dist`, which is what the package has of this project's code: the command line, the console's page, the functions'
 * bundles, and the notices of what is bundled. The same commit gives the same bytes.
 */
const root = join(import.meta.dirname, '../..');
const dist = join(root, 'dist');

/** The lowest Node.js that the package is tested with. */
const TARGET = 'node22.21';

/** dynalite requires its actions by a computed name without an ending, which esbuild does not find. */
const DYNALITE: Plugin = {
  name: 'dynalite',
  setup: ({ onLoad }) =>
    onLoad({ filter: /node_modules\/dynalite\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll(' + action)', " + action + '.js')"),
    })),
};

const COMMAND_LINE: BuildOptions = {
  entryPoints: {
    cli: join(root, 'bin/cli.ts'),
    action: join(root, 'bin/action.ts'),
    'action-cancelled': join(root, 'bin/action-cancelled.ts'),
    'function-bootstrap': join(root, 'lib/local/functions/function-bootstrap.ts'),
  },
  outdir: dist,
  splitting: true,
  format: 'esm',
  plugins: [DYNALITE],
  inject: [join(root, 'lib/package/node22.ts')],
  // Packages with a native part, and those that only the repository uses.
  external: ['classic-level', 'esbuild', 'cdk-nag'],
  // What is bundled as CommonJS wants these.
  banner: {
    js: `import{createRequire as __createRequire}from'node:module';import{dirname as __directoryOf}from'node:path';import{fileURLToPath as __pathOf}from'node:url';const require=__createRequire(import.meta.url),__filename=__pathOf(import.meta.url),__dirname=__directoryOf(__filename);`,
  },
};

rmSync(dist, { recursive: true, force: true });
const metafiles = [
  await bundle(COMMAND_LINE),
  await bundle(pageOptions(join(dist, 'console'))),
  ...(await Promise.all(
    FUNCTION_NAMES.map((name) => bundle(optionsOf(name, join(dist, 'functions', name)))),
  )),
];
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), noticesOf(metafiles, root));

async function bundle(options: BuildOptions): Promise<Metafile> {
  const { metafile } = await build({
    bundle: true,
    minify: true,
    legalComments: 'none',
    platform: 'node',
    target: TARGET,
    define: { PACKAGED: JSON.stringify(packagedHere()) },
    ...options,
    // Paths in the metafile are relative to it.
    absWorkingDir: root,
    metafile: true,
  });
  return metafile;
}

function packagedHere(): Packaged {
  const remote = remoteUrl();
  return { build: currentBuild(), ...(remote !== undefined && { remote }) };
}
