import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
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
    throw new InputError(`${file} cannot be used: ${fault}. Fix it or delete it.`);
  }
}

/** The objects of a file with one JSON object a line; none without a file. Throws InputError at a damaged line. */
export function readJsonLines<T>(file: string, schema: z.ZodType<T>): T[] {
  const lines = (readIfPresent(file) ?? '').split('\n').filter((line) => line !== '');
  return lines.map((line, index) => {
    try {
      return schema.parse(JSON.parse(line));
    } catch {
      throw new InputError(`${file}:${index + 1} is damaged: fix the line or delete it`);
    }
  });
}

/** Adds an object to such a file. */
export function appendJsonLine(file: string, value: object): void {
  appendFileSync(file, `${JSON.stringify(value)}\n`);
}

/** The file's text, undefined when there is no file. */
function readIfPresent(file: string): string | undefined {
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
