import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoadResult, loadTriggers } from '../../lib/config/load.ts';
import { formatProblems } from '../../lib/config/problem.ts';

export const FILE = join(mkdtempSync(join(tmpdir(), 'triggers-')), 'triggers.yaml');

/** Loads a text as the file `triggers.yaml` on 24 November 2026. */
export function load(text: string): LoadResult {
  writeFileSync(FILE, text);
  return loadTriggers(FILE, new Date('2026-11-24T00:00:00Z'));
}

/** What a person sees of a text's problems and warnings, without the directory. */
export function output(text: string): string {
  return said(load(text));
}

export function said(result: LoadResult): string {
  return formatProblems(result.ok ? result.warnings : result.problems).replaceAll(
    FILE,
    'triggers.yaml',
  );
}

const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

/** A sound file whose one trigger has these further lines, the first of them on line 7. */
export function withLines(...lines: string[]): string {
  const head = ['api: { secret: key }', 'triggers:', '  nightly:', `    runTestId: ${RUN_TEST}`];
  const rest = [
    '    execute: { selectAll: true }',
    '    webhook: { verify: standard-webhooks, secret: hook }',
  ];
  return [...head, ...rest, ...lines.map((line) => `    ${line}`), ''].join('\n');
}
