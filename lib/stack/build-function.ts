import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync, version } from 'esbuild';

/** `npm ci` empties it. */
const KEPT = fileURLToPath(new URL('../../node_modules/.cache/functions', import.meta.url));

/**
 * Writes the code of a function, which is `lambda/<name>`, into an empty directory: `handler.mjs`, and the chunks that
 * it imports when it needs them. The same sources give the same bytes. Throws when a module is missing. In `kept` is
 * the last build, which is used again until a source changes.
 */
export function buildFunction(name: string, directory: string, kept = KEPT): void {
  const path = join(kept, `${name}.json`);
  const { files } = keptBuild(path) ?? newBuild(name, path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(directory, file), text);
}

/** What esbuild made of which sources. Building five functions takes 2.5 s of a core, which is half of a local start. */
interface Build {
  /** The version of esbuild. */
  readonly by: string;
  /** SHA-256 of each source by its path, this file among them. */
  readonly sources: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

const HOW = fileURLToPath(import.meta.url);

/** Undefined where a source is another one by now, or the build came with a copy of `node_modules` from another folder. */
function keptBuild(path: string): Build | undefined {
  if (!existsSync(path)) return undefined;
  const last: Build = JSON.parse(readFileSync(path, 'utf8'));
  const isOfHere = last.sources[HOW] !== undefined && last.by === version;
  const isCurrent = Object.entries(last.sources).every(
    ([source, hash]) => existsSync(source) && hashOf(source) === hash,
  );
  return isOfHere && isCurrent ? last : undefined;
}

function newBuild(name: string, path: string): Build {
  const options = { ...optionsOf(name, dirname(path)), write: false, metafile: true } as const;
  const { outputFiles, metafile } = buildSync(options);
  const sources = [HOW, ...Object.keys(metafile.inputs).map(lambdaFile)];
  const made: Build = {
    by: version,
    sources: Object.fromEntries(sources.map((source) => [source, hashOf(source)])),
    files: Object.fromEntries(outputFiles.map((file) => [basename(file.path), file.text])),
  };
  mkdirSync(dirname(path), { recursive: true });
  // Another process may read it at the same time.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(made));
  renameSync(unfinished, path);
  return made;
}

/** Of each source, read once by a process: the functions share most of their 570. */
const hashes = new Map<string, string>();

function hashOf(path: string): string {
  const hash = hashes.get(path) ?? createHash('sha256').update(readFileSync(path)).digest('base64');
  hashes.set(path, hash);
  return hash;
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
    // Loaded by browsers, and to read event streams: never by these functions.
    external: ['bowser', '@smithy/core/event-streams'],
    mainFields: ['module', 'main'],
    // 24 ms of a cold start; the file says why.
    alias: { 'node:http': lambdaFile('runtime/builtin-http.ts') },
  };
}

function lambdaFile(path: string): string {
  return fileURLToPath(new URL(`../../lambda/${path}`, import.meta.url));
}
