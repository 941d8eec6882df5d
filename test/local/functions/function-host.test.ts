import { describe, expect, onTestFinished, test } from 'vitest';
import { type Clock, systemClock } from '../../../lib/clock.ts';
import type { LocalFunction } from '../../../lib/local/assembly/assembly.ts';
import { type FunctionHost, hostFunction } from '../../../lib/local/functions/function-host.ts';
import { handWrittenStack } from '../hand-written-stack.ts';

function host(
  source: string,
  changes: Partial<LocalFunction> = {},
  clock: Pick<Clock, 'now'> = systemClock,
): { host: FunctionHost; lines: string[] } {
  const [fn] = handWrittenStack({ Fn: source }).functions;
  if (!fn) throw new Error('no function');
  const lines: string[] = [];
  const running = hostFunction(
    { ...fn, ...changes },
    { ENDPOINT: 'http://here' },
    clock,
    ({ line }) => lines.push(line),
  );
  onTestFinished(() => running.stop(0));
  return { host: running, lines };
}

const entries = (lines: string[]) => lines.map((line) => JSON.parse(line));

async function result(running: FunctionHost, event: unknown = {}): Promise<unknown> {
  const outcome = await running.invoke(JSON.stringify(event));
  if (outcome === 'throttled' || !outcome.ok) throw new Error(JSON.stringify(outcome));
  return JSON.parse(outcome.payload);
}

describe('a function', () => {
  test('gets the event and the context of Lambda', async () => {
    const { host: fn } = host(`
      export const handler = async (event, context) =>
        ({ event, ...context, left: context.getRemainingTimeInMillis() });
    `);
    const answer = await result(fn, { hello: 'world' });
    expect(answer).toEqual({
      event: { hello: 'world' },
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:stack-Fn',
      functionName: 'stack-Fn',
      functionVersion: '$LATEST',
      memoryLimitInMB: '256',
      logGroupName: '/aws/lambda/stack-Fn',
      logStreamName: '[$LATEST]000000000000',
      callbackWaitsForEmptyEventLoop: true,
      left: expect.toSatisfy((ms: number) => ms > 0 && ms <= 5_000),
    });
  });

  test('lives in the time of the local run', async () => {
    const source = `
      export const handler = async (event, context) => [
        new Date().toISOString().slice(0, 16),
        new Date(0).toISOString(),
        Math.round((Date.now() - Date.parse('2031-05-04T03:02:00Z')) / 60_000),
        Math.ceil(context.getRemainingTimeInMillis() / 5_000),
      ];`;
    const now = () => new Date('2031-05-04T03:02:00Z');
    expect(await result(host(source, {}, { now }).host)).toEqual([
      '2031-05-04T03:02',
      '1970-01-01T00:00:00.000Z',
      0,
      1,
    ]);
  });

  test('inherits no environment', async () => {
    const { host: fn } = host(
      'export const handler = async () => Object.keys(process.env).sort();',
      {
        environment: { OWN: 'value' },
      },
    );
    expect(await result(fn)).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_DEFAULT_REGION',
      'AWS_EXECUTION_ENV',
      'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_FUNCTION_VERSION',
      'AWS_LAMBDA_INITIALIZATION_TYPE',
      'AWS_LAMBDA_LOG_FORMAT',
      'AWS_LAMBDA_LOG_GROUP_NAME',
      'AWS_LAMBDA_LOG_LEVEL',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'ENDPOINT',
      'LAMBDA_TASK_ROOT',
      'LANG',
      'OWN',
      'PATH',
      'TZ',
      '_HANDLER',
      '_X_AMZN_TRACE_ID',
    ]);
  });

  test('logs in the JSON form of Lambda, complete before its result', async () => {
    const { host: fn, lines } = host(`
      export const handler = async () => {
        console.debug('below the level');
        console.info({ event: 'started', count: 2 });
        console.warn('%d of %s', 3, 'four');
        console.error('broken:', new TypeError('no such thing'));
        console.error(Object.assign(new RangeError('too far'), { code: 7 }));
      };
    `);
    await result(fn);
    const common = { timestamp: expect.any(String), requestId: expect.any(String) };
    const stackTrace = expect.arrayContaining([expect.stringContaining('handler.mjs')]);
    expect(entries(lines)).toEqual([
      { ...common, level: 'INFO', message: { event: 'started', count: 2 } },
      { ...common, level: 'WARN', message: '3 of four' },
      {
        ...common,
        level: 'ERROR',
        message: expect.stringMatching(/^broken: TypeError: no such thing\n/),
        errorType: 'TypeError',
        errorMessage: 'no such thing',
        stackTrace,
      },
      {
        ...common,
        level: 'ERROR',
        message: { errorType: 'RangeError', errorMessage: 'too far', stackTrace, code: 7 },
      },
    ]);
  });

  test('keeps its process warm for the next event', async () => {
    const { host: fn } = host(`
      let count = 0;
      export const handler = async () => ({ pid: process.pid, count: ++count });
    `);
    const first = await result(fn);
    expect(first).toEqual({ pid: expect.any(Number), count: 1 });
    expect(await result(fn)).toEqual({ ...(first as object), count: 2 });
  });
});

describe('concurrent events', () => {
  const SLOW = `
    export const handler = async (event) => {
      await new Promise((resolve) => setTimeout(resolve, event.ms));
      return process.pid;
    };
  `;

  test('run in processes of their own', async () => {
    const { host: fn } = host(SLOW);
    const pids = await Promise.all([result(fn, { ms: 200 }), result(fn, { ms: 200 })]);
    expect(new Set(pids).size).toBe(2);
  });

  test('beyond the reserved concurrency are throttled when synchronous and wait when not', async () => {
    const { host: fn } = host(SLOW, { reservedConcurrency: 1 });
    const first = result(fn, { ms: 300 });
    expect(await fn.invoke('{}')).toBe('throttled');
    const waited = await fn.invokeQueued('{"ms":0}', 'request-1');
    expect(waited).toEqual({ ok: true, payload: String(await first) });
  });
});

describe('a failing function', () => {
  test.each([
    {
      how: 'throws',
      source: 'export const handler = async () => { throw new TypeError("bad event"); };',
      error: { errorType: 'TypeError', errorMessage: 'bad event', trace: expect.any(Array) },
    },
    {
      how: 'does not load',
      source: 'import "./missing.mjs";',
      error: {
        errorType: 'Error',
        errorMessage: expect.stringContaining('missing.mjs'),
        trace: expect.any(Array),
      },
    },
    {
      how: 'exports no handler',
      source: 'export const other = 1;',
      error: {
        errorType: 'Runtime.HandlerNotFound',
        errorMessage: 'handler.handler is undefined or not exported',
        trace: expect.any(Array),
      },
    },
    {
      how: 'exits',
      source: 'export const handler = async () => process.exit(3);',
      error: {
        errorType: 'Runtime.ExitError',
        errorMessage: expect.stringMatching(
          /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/,
        ),
      },
    },
    {
      how: 'throws outside the handler',
      source:
        'export const handler = () => new Promise(() => setTimeout(() => { throw new RangeError("later"); }));',
      error: { errorType: 'RangeError', errorMessage: 'later', trace: expect.any(Array) },
    },
    {
      how: 'leaves a rejection unhandled',
      source:
        'export const handler = () => new Promise(() => void Promise.reject(new Error("nobody")));',
      error: {
        errorType: 'Runtime.UnhandledPromiseRejection',
        errorMessage: 'Error: nobody',
        trace: expect.any(Array),
      },
    },
    {
      how: 'takes too long',
      source: 'export const handler = () => new Promise(() => setInterval(() => {}, 1000));',
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(
          /^RequestId: [0-9a-f-]{36} Error: Task timed out after 0.10 seconds$/,
        ),
      },
      timeoutSeconds: 0.1,
    },
  ])('that $how fails as on Lambda, logs it and is replaced', async (row) => {
    const { source, error, timeoutSeconds = 30 } = row;
    const { host: fn, lines } = host(source, { timeoutSeconds, reservedConcurrency: 1 });
    expect(await fn.invoke('{}')).toEqual({ ok: false, error });
    expect(entries(lines).at(-1)).toMatchObject({ level: 'ERROR' });
    expect(await fn.invoke('{}')).toEqual({ ok: false, error });
  });

  test('takes a new process after its time limit', async () => {
    const { host: fn } = host(
      `export const handler = async ({ hang }) => {
        if (hang) await new Promise(() => setInterval(() => {}, 1000));
        return 'well';
      };`,
      { timeoutSeconds: 0.3 },
    );
    expect(await fn.invoke('{"hang":true}')).toMatchObject({ ok: false });
    expect(await result(fn)).toBe('well');
  });
});

describe('stopping', () => {
  const WAITS = `
    export const handler = async ({ ms }) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      return 'ended';
    };
  `;

  test('waits for what is under way', async () => {
    const { host: fn } = host(WAITS, { timeoutSeconds: 30 });
    const ends = result(fn, { ms: 100 });
    await fn.stop(30_000);
    expect(await ends).toBe('ended');
  });

  test('kills what goes on for longer than its grace', async () => {
    const { host: fn } = host(WAITS, { timeoutSeconds: 120 });
    await result(fn, { ms: 0 });
    const killed = fn.invoke('{"ms":60000}');
    await fn.stop(20);
    expect(await killed).toMatchObject({ ok: false, error: { errorType: 'Runtime.ExitError' } });
  });
});
