import { existsSync, renameSync, statSync } from 'node:fs';
import * as z from 'zod';
import { appendJsonLine, isMissing, readJsonLines } from './state-file.ts';

const lineSchema = z.object({
  time: z.iso.datetime(),
  /** The short name of the function. */
  source: z.string(),
  line: z.string(),
});

/** A line of a function's log, as CloudWatch Logs would hold it. */
export type KeptLine = z.infer<typeof lineSchema>;

/** A larger file gives way to a new one when a run starts; one older file is kept. */
const LARGEST_BYTES = 5_000_000;

/**
 * Every line is in the file before the call returns, or lost when somebody has moved or deleted its folder: a line must
 * not end the local run. A too large file becomes `<file>.old` now, not later.
 */
export function logFile(file: string): (line: KeptLine) => void {
  if (existsSync(file) && statSync(file).size > LARGEST_BYTES) renameSync(file, `${file}.old`);
  return (line) => {
    try {
      appendJsonLine(file, line);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  };
}

/** The lines of such a file, oldest first; none without a file. */
export function readLogFile(file: string): KeptLine[] {
  return readJsonLines(file, lineSchema);
}
