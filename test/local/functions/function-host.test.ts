import { describe, expect, test } from 'vitest';
import { entries, host, result } from './hosted-function.ts';

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
