import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const lockfile = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        resolved: z.optional(z.string()),
        integrity: z.optional(z.string()),
        link: z.optional(z.boolean()),
        inBundle: z.optional(z.boolean()),
        hasInstallScript: z.optional(z.boolean()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')));
/** Without this project's own folders. */
const installed = Object.entries(lockfile.packages).filter(
  ([path, { link }]) => path.includes('node_modules/') && !link,
);

test('every package of the lockfile is one of the registry, with its sha512', () => {
  const odd = installed.filter(
    ([, { resolved, integrity, inBundle }]) =>
      resolved !== undefined || !(inBundle || integrity?.startsWith('sha512-')),
  );
  expect(odd.map(([path]) => path)).toEqual([]);
});

test('only packages that allowScripts names have an install script', () => {
  const { allowScripts } = z
    .object({ allowScripts: z.record(z.string(), z.boolean()) })
    .parse(JSON.parse(readFileSync(`${root}package.json`, 'utf8')));
  const named = installed.flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? path.replace(/^.*node_modules\//, '') : [],
  );
  expect(named.filter((name) => !Object.hasOwn(allowScripts, name))).toEqual([]);
});

test('workflows read the repository only, and pin every action by digest', () => {
  const files = globSync('.github/workflows/*.yml', { cwd: root });
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const text = readFileSync(`${root}${file}`, 'utf8');
    const { permissions, jobs } = parse(text);
    expect(permissions).toEqual({ contents: 'read' });
    expect(JSON.stringify(jobs)).not.toContain('"permissions"');
    const actions = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action ?? '');
    expect(actions.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  }
});
