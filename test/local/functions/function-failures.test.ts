import { describe, expect, test } from 'vitest';
import { entries, host, result } from './hosted-function.ts';

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
  ])('that $how fails as on Lambda, logs it and is replaced', async (row) => {
    const { source, error } = row;
    const { host: fn, lines } = host(source, { timeoutSeconds: 30, reservedConcurrency: 1 });
    expect(await fn.invoke('{}')).toEqual({ ok: false, error });
    expect(entries(lines).at(-1)).toMatchObject({ level: 'ERROR' });
    expect(await fn.invoke('{}')).toEqual({ ok: false, error });
  });

  test('that takes too long fails as on Lambda, logs it and is replaced', async () => {
    const { host: fn, lines } = host(
      `export const handler = async ({ hang }) => {
        if (hang) await new Promise(() => setInterval(() => {}, 1000));
        return 'well';
      };`,
      { timeoutSeconds: 0.3, reservedConcurrency: 1 },
    );
    expect(await fn.invoke('{"hang":true}')).toEqual({
      ok: false,
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(
          /^RequestId: [0-9a-f-]{36} Error: Task timed out after 0.30 seconds$/,
        ),
      },
    });
    expect(entries(lines).at(-1)).toMatchObject({ level: 'ERROR' });
    expect(await result(fn)).toBe('well');
  });
});

test('stopping refuses all that wait for a process', async () => {
  const { host: fn } = host('export const handler = () => new Promise(() => {});', {
    reservedConcurrency: 1,
  });
  const outcomes = ['a', 'b', 'c'].map((id) => fn.invokeQueued('{}', id));
  await fn.stop();
  const said = expect.stringContaining('The local run is stopping');
  const [, ...waiting] = await Promise.all(outcomes);
  expect(waiting).toMatchObject([
    { error: { errorMessage: said } },
    { error: { errorMessage: said } },
  ]);
});
