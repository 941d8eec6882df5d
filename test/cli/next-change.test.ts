import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nextChange, textOf } from '../../lib/cli/next-change.ts';

function fileWith(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'change-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'triggers.yaml');
  writeFileSync(file, text);
  return file;
}

test('what is saved while the text before is still loaded is a change', async () => {
  const file = fileWith('first');
  const seen = textOf(file);
  writeFileSync(file, 'second');
  expect(await nextChange(file, seen, new AbortController().signal)).toBe('second');
});

test('a file that is away is a change at the second look alone', async () => {
  const file = fileWith('first');
  rmSync(file);
  expect(await nextChange(file, 'first', new AbortController().signal)).toBeUndefined();
});

test('a file that is away for a moment is not a change, and an end is heard while it is', async () => {
  const file = fileWith('first');
  rmSync(file);
  const stop = new AbortController();
  const next = nextChange(file, 'first', stop.signal);
  stop.abort();
  expect(await next).toBe('first');
});
