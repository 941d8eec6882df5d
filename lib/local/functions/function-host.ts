import { randomUUID } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { ACCOUNT, REGION } from '../assembly/account.ts';
import type { LocalFunction } from '../assembly/assembly.ts';
import type { KeptLine } from '../files/log-file.ts';
import { type FunctionProcess, type Outcome, startFunctionProcess } from './function-process.ts';

/** One line of a function's log, with the function's short name. */
export type LogLine = Omit<KeptLine, 'time'>;

/** An account has 1,000 places that are not reserved. This machine has fewer: there an invocation waits for a process. */
const UNRESERVED_PROCESSES = 10;

/** One Lambda function on this machine; `endpoints` are environment variables that lead SDK clients to the local services. */
export function hostFunction(
  fn: LocalFunction,
  endpoints: Readonly<Record<string, string>>,
  clock: Pick<Clock, 'now'>,
  log: (line: LogLine) => void,
) {
  const limit = fn.reservedConcurrency ?? UNRESERVED_PROCESSES;
  const environment = { ...environmentOf(fn), ...endpoints };
  /** Whether each is at work. */
  const processes = new Map<FunctionProcess, boolean>();
  const queue: (() => void)[] = [];
  let running = 0;
  let stopped = false;

  return {
    fn,
    /** Runs the function with this event (JSON), or reports `throttled` when its reserved concurrency is in use. */
    async invoke(event: string): Promise<Outcome | 'throttled'> {
      const isThrottled = fn.reservedConcurrency !== undefined && running >= limit;
      return isThrottled ? 'throttled' : runQueued(event, randomUUID());
    },
    /** Runs the function as soon as a process is free. */
    invokeQueued: runQueued,
    /** Takes no more events, refuses those that wait, and kills every process. */
    async stop(): Promise<void> {
      stopped = true;
      for (const proceed of queue.splice(0)) proceed();
      await Promise.all([...processes.keys()].map((process) => process.kill()));
    },
  };

  async function runQueued(event: string, requestId: string): Promise<Outcome> {
    while (running >= limit && !stopped) await new Promise<void>((resolve) => queue.push(resolve));
    if (stopped) return refused(requestId);
    running += 1;
    try {
      return await runInProcess(event, requestId);
    } finally {
      running -= 1;
      queue.shift()?.();
    }
  }

  async function runInProcess(event: string, requestId: string): Promise<Outcome> {
    const keep = (line: string) => log({ source: fn.label, line });
    for (const process of processes.keys()) if (!process.alive) processes.delete(process);
    const [warm] = [...processes].find(([, isBusy]) => !isBusy) ?? [];
    const process = warm ?? startFunctionProcess(fn, environment, clock, keep);
    processes.set(process, true);
    const outcome = await process.invoke(event, requestId);
    processes.set(process, false);
    return outcome;
  }
}

/** Keeps warm processes until `stop`; after that every event gets an error. */
export type FunctionHost = ReturnType<typeof hostFunction>;

function refused(requestId: string): Outcome {
  return {
    ok: false,
    error: {
      errorType: 'ServiceException',
      errorMessage: `RequestId: ${requestId} Error: The local run is stopping`,
    },
  };
}

/** What Lambda sets (Lambda developer guide, "Defined runtime environment variables"), under the function's own. */
function environmentOf(fn: LocalFunction): Record<string, string> {
  return {
    ...fn.environment,
    AWS_ACCESS_KEY_ID: 'LOCAL',
    AWS_SECRET_ACCESS_KEY: 'LOCAL',
    AWS_SESSION_TOKEN: 'LOCAL',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_LEVEL: fn.logLevel,
    AWS_LAMBDA_LOG_STREAM_NAME: `[$LATEST]${ACCOUNT}`,
    LAMBDA_TASK_ROOT: fn.assetDirectory,
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
    _HANDLER: fn.handler,
  };
}
