import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import * as z from 'zod';
import { InputError } from '../../input-error.ts';

/** Bits of a mode by which the group or others may write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes the folder for what a local run keeps. Throws InputError for one in which another user may write: a link put
 * there would lead the run's files and secrets elsewhere.
 */
export function openStateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(directory);
  const own = userInfo().uid;
  // Windows has neither.
  if (own === -1 || (uid === own && (mode & WRITABLE_BY_OTHERS) === 0)) return;
  throw new InputError(
    `Another user may write in ${directory}: choose another folder with --state-dir, or run chmod go-w ${directory}`,
  );
}

/** Whether a file belongs to this user, and nobody else may read or write it. False without a file. */
export function isPrivate(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  const own = userInfo().uid;
  return stats !== undefined && (own === -1 || (stats.uid === own && (stats.mode & 0o077) === 0));
}

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
  // A new file: an existing one could be a link, or readable by others.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file);
}
