import { readFileSync, unwatchFile, watchFile } from 'node:fs';

/** Editors replace the file, which no watch of the system survives: it is looked at. */
const LOOK_EVERY_MS = 500;

/** Resolves when the text of the file is another one than now, or the signal aborts. */
export function nextChange(file: string, signal: AbortSignal): Promise<void> {
  const seen = textOf(file);
  return new Promise((resolve) => {
    const look = () => {
      if (signal.aborted || ![seen, undefined].includes(textOf(file))) end();
    };
    const end = () => {
      unwatchFile(file, look);
      signal.removeEventListener('abort', end);
      resolve();
    };
    watchFile(file, { interval: LOOK_EVERY_MS }, look);
    signal.addEventListener('abort', end);
    look();
  });
}

/** Undefined while the file is away, as in the middle of a save. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
