import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { currentBuild, remoteUrl } from '../build.ts';
import { pageOptions } from '../console/page-assets.ts';
import type { Packaged } from '../packaged.ts';
import { optionsOf } from '../stack/build-function.ts';
import { forEachFunction } from '../stack/function-bundle.ts';
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
    'synthesis-thread': join(root, 'lib/local/assembly/synthesis-thread.ts'),
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

/** Apps import the CDK's core from its root, which the command line must not bundle: it is everything that the CDK has. */
const ROOT_OF_CDK: Plugin = {
  name: 'root-of-cdk',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^aws-cdk-lib\/core$/ }, () => ({ path: 'aws-cdk-lib', external: true })),
};

/** For the CDK apps of others, which bring the CDK. CommonJS has names of its own for where a file is. */
const CONSTRUCT: BuildOptions = {
  entryPoints: { cdk: join(root, 'bin/cdk.ts') },
  outdir: dist,
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['aws-cdk-lib', 'constructs'],
  plugins: [ROOT_OF_CDK],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.url': '__filename' },
};

rmSync(dist, { recursive: true, force: true });
const metafiles = [
  await bundle(COMMAND_LINE),
  await bundle(CONSTRUCT),
  await bundle(pageOptions(join(dist, 'console'))),
  ...(await Promise.all(
    Object.values(
      forEachFunction((name) => bundle(optionsOf(name, join(dist, 'functions', name)))),
    ),
  )),
];
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), noticesOf(metafiles, root));

// An app that has both module systems has the construct once.
writeFileSync(join(dist, 'cdk.js'), "export { RunTestTrigger } from './cdk.cjs';\n");
writeTypes();

/** The declarations of the construct, once for each module system: whose file is read decides how it is imported. */
function writeTypes(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'types-'));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [
    tsc,
    '--project',
    join(root, 'lib/package'),
    '--outDir',
    scratch,
  ]);
  const [input, construct] = ['config/triggers-input', 'stack/run-test-trigger'].map((file) =>
    readFileSync(join(scratch, 'lib', `${file}.d.ts`), 'utf8'),
  );
  const types = `${input}${construct}`
    .replace(/^import .*triggers-input\.ts';$/m, '')
    .replace("'aws-cdk-lib/core'", "'aws-cdk-lib'");
  if (types.includes("from '."))
    throw new Error(`The declarations import files of the repository:\n${types}`);
  writeFileSync(join(dist, 'cdk.d.ts'), types);
  writeFileSync(join(dist, 'cdk.d.cts'), types);
  rmSync(scratch, { recursive: true });
}

async function bundle(options: BuildOptions): Promise<Metafile> {
  const remote = remoteUrl();
  const packaged: Packaged = { build: currentBuild(), ...(remote !== undefined && { remote }) };
  const { metafile } = await build({
    bundle: true,
    minify: true,
    legalComments: 'none',
    platform: 'node',
    target: TARGET,
    ...options,
    define: { PACKAGED: JSON.stringify(packaged), ...options.define },
    // Paths in the metafile are relative to it.
    absWorkingDir: root,
    metafile: true,
  });
  return metafile;
}
