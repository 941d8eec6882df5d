import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import type { FromChild, FunctionError, ToChild } from './function-messages.ts';

/**
 * The entry of a function's own process: what Lambda's Node.js runtime is there. It loads the handler, runs one
 * event at a time and reports over the IPC channel, logs included, so that they stay in order. Log lines and
 * errors have the forms of aws/aws-lambda-nodejs-runtime-interface-client.
 */
const environment = process.env;
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

const MachineDate = Date;

let requestId: string | undefined;

delete environment.NODE_COMPILE_CACHE;
patchConsole();
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole process group: the parent decides when a function ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('uncaughtException', (error) => fail(error, 129));
process.on('unhandledRejection', (reason) =>
  fail(
    Object.assign(new Error(String(reason), { cause: reason }), {
      name: 'Runtime.UnhandledPromiseRejection',
    }),
    128,
  ),
);

const handler = await loadHandler();
process.on('message', (message: ToChild) => void invoke(message));
// At its end it is killed.
module.flushCompileCache();
report({ kind: 'ready' });

async function invoke(message: ToChild): Promise<void> {
  requestId = message.requestId;
  shiftClock(message.clockOffsetMs);
  environment._X_AMZN_TRACE_ID = message.traceId;
  try {
    const result = await handler(JSON.parse(message.event), contextOf(message));
    report({ kind: 'result', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    console.error(intoError(error));
    report({ kind: 'error', error: describe(error), fatal: false });
  }
}

/** Timers are left alone: only what the function reads of the time moves. */
function shiftClock(offsetMs: number): void {
  globalThis.Date =
    offsetMs === 0
      ? MachineDate
      : new Proxy(MachineDate, {
          construct: (target, parameters, newTarget) =>
            Reflect.construct(
              target,
              parameters.length === 0 ? [target.now() + offsetMs] : parameters,
              newTarget,
            ),
          get: (target, key) =>
            key === 'now' ? () => target.now() + offsetMs : Reflect.get(target, key),
        });
}

async function loadHandler(): Promise<(event: unknown, context: unknown) => unknown> {
  const name = environment._HANDLER ?? '';
  const [file, exportName = ''] = name.split('.');
  const url = pathToFileURL(join(environment.LAMBDA_TASK_ROOT ?? '', `${file}.mjs`));
  try {
    const exported = (await import(url.href))[exportName];
    if (typeof exported === 'function') return exported;
    const message = `${name} is undefined or not exported`;
    throw Object.assign(new Error(message), { name: 'Runtime.HandlerNotFound' });
  } catch (error) {
    return fail(error, 1);
  }
}

function contextOf({ requestId: awsRequestId, deadline, functionArn }: ToChild): object {
  return {
    awsRequestId,
    invokedFunctionArn: functionArn,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  };
}

function fail(reason: unknown, exitCode: number): never {
  const error = intoError(reason);
  console.error(error);
  report({ kind: 'error', error: describe(error), fatal: true });
  process.exit(exitCode);
}

function report(message: FromChild): void {
  process.send?.(message);
}

function patchConsole(): void {
  const minimum = LEVELS.indexOf(environment.AWS_LAMBDA_LOG_LEVEL ?? 'TRACE');
  const writer = (level: string) =>
    LEVELS.indexOf(level) < minimum
      ? () => {}
      : (...parameters: unknown[]) => report({ kind: 'log', line: logLine(level, parameters) });
  console.trace = writer('TRACE');
  console.debug = writer('DEBUG');
  console.info = writer('INFO');
  console.log = console.info;
  console.warn = writer('WARN');
  console.error = writer('ERROR');
}

function logLine(level: string, parameters: unknown[]): string {
  const entry = { timestamp: new Date().toISOString(), level, requestId };
  if (parameters.length !== 1) {
    const error = parameters.find((parameter) => parameter instanceof Error);
    return JSON.stringify({
      ...entry,
      message: format(...parameters),
      ...(error && loggedError(error)),
    });
  }
  try {
    return JSON.stringify({ ...entry, message: parameters[0] }, (_key, value) =>
      value instanceof Error ? { ...loggedError(value), ...value } : value,
    );
  } catch {
    // Not serializable (circular, BigInt): Lambda falls back to the inspected text.
    return JSON.stringify({ ...entry, message: format(parameters[0]) });
  }
}

function loggedError(error: Error): object {
  return {
    errorType: error.constructor.name,
    errorMessage: error.message,
    stackTrace: error.stack?.split('\n') ?? [],
  };
}

function describe(reason: unknown): FunctionError {
  if (!(reason instanceof Error))
    return { errorType: typeof reason, errorMessage: String(reason), trace: [] };
  return {
    errorType: reason.name,
    errorMessage: reason.message,
    trace: reason.stack?.split('\n') ?? [],
  };
}

function intoError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
