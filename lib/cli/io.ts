import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type Clock, systemClock } from '../clock.ts';
import { calledAs } from './called-as.ts';
import { visibleOutput } from './visible-text.ts';

/** What a command reads and writes, files and the network aside; tests bring their own. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** The answer alone, so that a script can read it. */
  readonly stdout: Output;
  /** Everything that only a person reads: which target, progress, warnings. */
  readonly stderr: Output;
  /** The terminal itself, for a spinner, which moves the cursor. */
  readonly progress: Writable;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** What a person types for `rtt`, with its arguments behind it. */
  readonly calledAs: string;
  /** What the process ends with: one of `EXIT`. */
  exitCode: number;
}

/** The text of a file; - is standard input. */
export async function readInput(file: string, { stdin }: Pick<Io, 'stdin'>): Promise<string> {
  return file === '-' ? text(stdin) : readFileSync(file, 'utf8');
}

type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

/** What every command ends with. Scripts and CI jobs rely on the numbers. */
export const EXIT = {
  ok: 0,
  /** It was done and did not go well: a firing failed, a check found something. */
  failed: 1,
  /** What was asked for cannot be done: nothing has changed. */
  badInput: 2,
  notStarted: 3,
  timedOut: 4,
  /** The service failed or does not answer: not known what became of it, and what has started goes on. */
  lostSight: 5,
} as const;

/** The terminal, the environment and the time of this process. */
export function processIo(): Io {
  return {
    stdin: process.stdin,
    stdout: visibleOutput(process.stdout),
    stderr: visibleOutput(process.stderr),
    progress: process.stderr,
    environment: process.env,
    clock: systemClock,
    calledAs: calledAs(process.argv[1] ?? '', process.env),
    exitCode: 0,
  };
}
