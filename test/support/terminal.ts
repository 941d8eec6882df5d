import { PassThrough, Readable, Writable } from 'node:stream';
import type { Io } from '../../lib/cli/io.ts';
import { run } from '../../lib/cli/run.ts';
import type { Clock } from '../../lib/clock.ts';
import { systemClock } from '../../lib/clock.ts';

/** What a command line said and how it ended. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, in the order in which they were written. */
  readonly screen: string;
}

interface TerminalOptions {
  readonly stdin?: string;
  /** Whether the input comes from a keyboard. */
  readonly isTyped?: boolean;
  /** Whether a person sees the answer. */
  readonly isShown?: boolean;
  readonly environment?: Io['environment'];
  readonly clock?: Clock;
  /** What a person types for `rtt`. */
  readonly calledAs?: string;
}

/** Runs a command line in this process, as in a pipe. */
export async function rtt(args: readonly string[], options: TerminalOptions = {}): Promise<Said> {
  const { io, written } = terminal(options);
  const code = await run(args, io);
  return { code, ...written };
}

/** A terminal, and what is written to it. */
export function terminal({
  stdin = '',
  isTyped = false,
  isShown = false,
  environment = {},
  clock = systemClock,
  calledAs = 'rtt',
}: TerminalOptions) {
  const written = { stdout: '', stderr: '', screen: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += chunk;
        written.screen += chunk;
        done();
      },
    });
  const io: Io = {
    stdin: Object.assign(Readable.from([stdin]).pipe(new PassThrough()), { isTTY: isTyped }),
    stdout: Object.assign(stream('stdout'), { isTTY: isShown }),
    stderr: stream('stderr'),
    progress: stream('stderr'),
    environment,
    clock,
    calledAs,
    exitCode: 0,
  };
  return { io, written };
}
