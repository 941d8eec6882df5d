import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { InputError } from '../../input-error.ts';

/** The file's content, undefined when there is no file. Throws InputError when it is not what it should be. */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>): T | undefined {
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const fault = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not JSON';
    throw new InputError(`${file} cannot be used: ${fault}. Mend it or delete it.`);
  }
}

/** The file's text, undefined when there is no file. */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Replaces the file in one step; readable by its owner only. */
export function writeFileAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, file);
}
