import { systemClock } from '../clock.ts';
import type { Io } from './io.ts';
import { visibleOutput } from './visible-text.ts';

/** The terminal, the environment and the time of this process. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: visibleOutput(process.stdout),
    stderr: visibleOutput(process.stderr),
    progress: process.stderr,
    environment: process.env,
    clock: systemClock,
    exitCode: 0,
  };
}
