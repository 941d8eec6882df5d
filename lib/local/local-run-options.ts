import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { SynthesizedLocally } from './assembly/synthesize-locally.ts';
import type { RunFile } from './files/run-file.ts';
import type { LogLine } from './functions/function-host.ts';

/** What a local run is made of. Nothing else is read: no environment, no clock, no working directory. */
export interface LocalRunOptions {
  /** Makes the stack to run; `outdir` is a folder of the state directory. */
  synthesize(outdir: string): Promise<SynthesizedLocally>;
  /** Everything the run keeps: ledger, secrets, dead letters, the synthesized assembly. */
  readonly stateDirectory: string;
  /** 0: any free one. */
  readonly port: number;
  /** FI_API_KEY, FI_SECRET_KEY and FI_BASE_URL choose the API, HTTPS_PROXY and NO_PROXY the way to it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** False: schedules fire only when asked to. */
  readonly schedules: boolean;
  readonly clock: Clock;
  /** Makes the page that the run serves on its own port, until `replaced` by that of a changed stack; absent: none. */
  page?(run: RunFile, replaced: AbortSignal): Promise<OwnPage>;
  /** Every line of the functions' logs, in order for each function. */
  log(line: LogLine): void;
  /** What a person must know and no function logs: missed schedules, dead letters, warnings. */
  notice(text: string): void;
}

/** Answers a request, or leaves it to the stack's routes. */
export type OwnPage = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<'answered' | 'not-mine'>;
