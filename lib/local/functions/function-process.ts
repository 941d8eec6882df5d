import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import module from 'node:module';
import { dirname, extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../../clock.ts';
import { within } from '../../within.ts';
import type { LocalFunction } from '../assembly/assembly.ts';
import type { FromChild, FunctionError, ToChild } from './function-messages.ts';

/** What became of one event: the handler's result as JSON text, or the error that Lambda reports. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

/** Compiled in the package. */
const BOOTSTRAP = join(import.meta.dirname, `function-bootstrap${extname(import.meta.filename)}`);
/** Shares what this process has compiled, which is two fifths of a start. The bootstrap hides it from the function. */
const COMPILED = compileCache();
/** Lambda's limit for the init phase. */
const INIT_LIMIT_MS = 10_000;

/**
 * A sandbox: one process that runs one event at a time, warm for the next one until it dies. It has no environment but its
 * own; `log` gets its lines in order, before their event's outcome.
 */
export function startFunctionProcess(
  fn: LocalFunction,
  environment: Readonly<Record<string, string>>,
  clock: Pick<Clock, 'now'>,
  log: (line: string) => void,
) {
  const child = fork(BOOTSTRAP, {
    cwd: fn.assetDirectory,
    env: { ...environment, ...COMPILED },
    execArgv: [`--max-old-space-size=${fn.memoryMb}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', log);
  }
  const exited = exitOf(child);
  let alive = true;
  const die = () => {
    alive = false;
  };
  void exited.then(die);
  const reports = reportsOf(child, log, die);
  let initialised: Promise<Outcome> | undefined;

  return {
    get alive() {
      return alive;
    },
    /** Never rejects. The process is killed at the function's time limit. */
    async invoke(event: string, requestId: string): Promise<Outcome> {
      // The first report is that of the init phase.
      initialised ??= answer(INIT_LIMIT_MS, 'Runtime.InitTimeout', requestId);
      const init = await initialised;
      if (!init.ok) return init;
      const limitMs = fn.timeoutSeconds * 1000;
      const clockOffsetMs = offsetOf(clock);
      child.send({
        requestId,
        event,
        clockOffsetMs,
        deadline: Date.now() + clockOffsetMs + limitMs,
        functionArn: fn.arn,
        traceId: `${traceId()};Sampled=0`,
      } satisfies ToChild);
      return answer(limitMs, 'Sandbox.Timedout', requestId);
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      await exited;
    },
  };

  async function answer(limitMs: number, errorType: string, requestId: string): Promise<Outcome> {
    const first = await within(Promise.race([reports.next(), exited]), limitMs);
    if (typeof first === 'object') return first;
    die();
    child.kill('SIGKILL');
    await exited;
    const fault =
      first === 'timeout' ? `Task timed out after ${(limitMs / 1000).toFixed(2)} seconds` : first;
    log(platformLine(requestId, fault));
    return {
      ok: false,
      error: {
        errorType: first === 'timeout' ? errorType : 'Runtime.ExitError',
        errorMessage: `RequestId: ${requestId} Error: ${fault}`,
      },
    };
  }
}

function compileCache(): { readonly NODE_COMPILE_CACHE?: string } {
  const own = module.getCompileCacheDir();
  return own === undefined ? {} : { NODE_COMPILE_CACHE: dirname(own) };
}

/** Where `alive` is false it takes no further event, and a new process is needed. */
export type FunctionProcess = ReturnType<typeof startFunctionProcess>;

/** None for the machine's own clock, however long the two readings take. */
function offsetOf(clock: Pick<Clock, 'now'>): number {
  const offsetMs = clock.now().getTime() - Date.now();
  return Math.abs(offsetMs) < 1000 ? 0 : offsetMs;
}

/** Resolves, never rejects, with Lambda's words for how the process ended. */
async function exitOf(child: ChildProcess): Promise<string> {
  const ended = once(child, 'close').catch((error: Error) => [error.message, null]);
  const [code, signal] = await ended;
  if (code === 0) return 'Runtime exited without providing a reason';
  return `Runtime exited with error: ${signal ? `signal: ${signal}` : `exit status ${code}`}`;
}

/** The process's reports one by one; log lines go to `log` at once. */
function reportsOf(child: ChildProcess, log: (line: string) => void, die: () => void) {
  const arrived: Outcome[] = [];
  const waiting: ((outcome: Outcome) => void)[] = [];
  child.on('message', (message: FromChild) => {
    if (message.kind === 'log') return log(message.line);
    if (message.kind === 'error' && message.fatal) die();
    const outcome: Outcome =
      message.kind === 'error'
        ? { ok: false, error: message.error }
        : { ok: true, payload: message.kind === 'ready' ? '' : message.payload };
    const waiter = waiting.shift();
    if (waiter) waiter(outcome);
    else arrived.push(outcome);
  });
  return {
    next: async () => arrived.shift() ?? new Promise<Outcome>((resolve) => waiting.push(resolve)),
  };
}

function platformLine(requestId: string, fault: string): string {
  const timestamp = new Date().toISOString();
  return JSON.stringify({
    timestamp,
    level: 'ERROR',
    requestId,
    message: `${timestamp} ${requestId} ${fault}`,
  });
}

/** A new trace id in X-Ray's form. */
export function traceId(): string {
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  return `Root=1-${seconds}-${randomBytes(12).toString('hex')}`;
}
