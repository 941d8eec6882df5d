import {
  appendFileSync,
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import * as z from 'zod';
import { InputError } from '../../input-error.ts';

/** Bits of a mode by which the group or others may write. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Makes the folder for what a local run keeps. Throws InputError for one in which another user may write: a link put
 * there would lead the run's files and secrets elsewhere.
 */
export function openStateDirectory(directory: string): void {
  makeDirectory(directory);
  // A link has the mode 777: only its owner counts.
  const link = lstatSync(directory);
  if (isOwn(link, 0) && isOwn(statSync(directory), WRITABLE_BY_OTHERS)) return;
  throw new InputError(
    `Another user may write in ${directory}: choose another folder with --state-dir, or run chmod go-w ${directory}`,
  );
}

/** With its parents. Node's own way to do that never ends in a file system that takes no folder, as /proc. */
function makeDirectory(directory: string): void {
  if (existsSync(directory) && statSync(directory).isDirectory()) return;
  if (dirname(directory) !== directory) makeDirectory(dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}

/** Whether it belongs to this user, and nobody else has one of these rights. Always on Windows, which tells neither. */
function isOwn({ uid, mode }: Pick<Stats, 'uid' | 'mode'>, rights: number): boolean {
  const own = userInfo().uid;
  return own === -1 || (uid === own && (mode & rights) === 0);
}

/** The content of a file that must belong to this user alone: throws InputError also when it does not. */
export function readPrivateJsonFile<T>(file: string, schema: z.ZodType<T>): T | undefined {
  return readJsonFile(file, schema, (stats) => {
    if (isOwn(stats, 0o077)) return;
    throw new InputError(
      (typed) =>
        `${file} is not yours alone: delete it, and start the run again with ${typed('start')}`,
    );
  });
}

/** The file's content, undefined when there is no file. Throws InputError when it is not what it should be. */
export function readJsonFile<T>(
  file: string,
  schema: z.ZodType<T>,
  check = (_: Stats) => {},
): T | undefined {
  const text = readIfPresent(file, check);
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

/** Synchronous: what is appended survives the death of this process. */
export function appendJsonLine(file: string, value: object): void {
  appendFileSync(file, `${JSON.stringify(value)}\n`);
}

/** Whether the error says that a file or its folder does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The file's text, undefined when there is no file. `check` sees what was opened, not what has this name by then. */
function readIfPresent(file: string, check = (_: Stats) => {}): string | undefined {
  let opened: number | undefined;
  try {
    opened = openSync(file, 'r');
    check(fstatSync(opened));
    return readFileSync(opened, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  } finally {
    if (opened !== undefined) closeSync(opened);
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
