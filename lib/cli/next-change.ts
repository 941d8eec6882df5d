import { readFileSync } from 'node:fs';
import { systemClock } from '../clock.ts';

/**
 * Editors replace the file, which no watch of the system survives, and `watchFile` misses a save before its first look: so it
 * is read.
 */
const LOOK_EVERY_MS = 500;

/**
 * Resolves to the text of the file when it is another one than `seen`, to undefined when the file was away at two looks, as it
 * is not in the middle of a save, or to `seen` when the signal aborts. What is saved while the last text is still being
 * loaded is a change as well.
 */
export async function nextChange(
  file: string,
  seen: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (let looksAway = 0; !signal.aborted; await systemClock.sleep(LOOK_EVERY_MS, signal)) {
    const text = textOf(file);
    looksAway = text === undefined ? looksAway + 1 : 0;
    if (text !== seen && looksAway !== 1) return text;
  }
  return seen;
}

/** Undefined while the file is away, as in the middle of a save. */
export function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
