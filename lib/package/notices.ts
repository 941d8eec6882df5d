import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import * as z from 'zod';

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** An object in packages of npm's first years. */
  license: z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]),
});

const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENSE_FILE = /^(licen[cs]e|notice|copying)(\..*)?$/i;

/**
 * Name, version, license and the license's text of every package of which these bundles have some code. `root` is the
 * folder that the paths of the metafiles begin at. Throws for a package that names no license.
 */
export function noticesOf(metafiles: readonly Metafile[], root: string): string {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs: used }) =>
      Object.entries(used).flatMap(([path, { bytesInOutput }]) =>
        bytesInOutput > 0 ? [path] : [],
      ),
    ),
  );
  const folders = new Set(inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []));
  const notices = new Set([...folders].toSorted().map((folder) => noticeOf(join(root, folder))));
  return `This package contains code of the packages below.\n${[...notices].join('')}`;
}

function noticeOf(folder: string): string {
  const { name, version, license } = manifestSchema.parse(
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')),
  );
  const texts = readdirSync(folder)
    .filter((file) => LICENSE_FILE.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const rule = '-'.repeat(80);
  return `\n${rule}\n${[`${name} ${version} (${license})`, ...texts].join('\n\n')}\n`;
}
