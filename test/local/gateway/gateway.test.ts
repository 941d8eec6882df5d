import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../lib/clock.ts';
import { type FunctionHost, hostFunction } from '../../../lib/local/functions/function-host.ts';
import { gateway } from '../../../lib/local/gateway/gateway.ts';
import { type LoopbackServer, serveLoopback } from '../../../lib/local/server/http-server.ts';
import { handWrittenStack } from '../hand-written-stack.ts';

/** What each function does; `FN` does what the request's body says. */
const ECHO = `
  export const handler = async (event) =>
    ({ statusCode: 200, headers: {}, body: JSON.stringify(event) });
`;
const FN = `
  export const handler = async ({ body }) => {
    const { hangs, fails, result } = JSON.parse(body);
    if (hangs) await new Promise(() => setInterval(() => {}, 1000));
    if (fails) throw new Error('inside');
    return result;
  };
`;

const directory = mkdtempSync(join(tmpdir(), 'gateway-'));
let server: LoopbackServer;
let url: string;
let hosts: Map<string, FunctionHost>;
beforeAll(async () => {
  const { functions } = handWrittenStack({ Echo: ECHO, Fn: FN, Single: FN }, {}, directory);
  hosts = new Map(
    functions.map((fn) => {
      const reservedConcurrency = fn.arn.endsWith('Single') ? 1 : 5;
      return [fn.arn, hostFunction({ ...fn, reservedConcurrency }, {}, systemClock, () => {})];
    }),
  );
  const routes = [
    ['/hooks/{trigger}', 'Echo', 30_000],
    ['/fn', 'Fn', 30_000],
    ['/brief', 'Fn', 100],
    ['/single', 'Single', 30_000],
  ] as const;
  const arnOf = (id: string) => functions.find(({ arn }) => arn.endsWith(id))?.arn ?? '';
  server = await serveLoopback(
    gateway(
      routes.map(([path, id, timeoutMs]) => {
        return { method: 'POST', path, functionArn: arnOf(id), timeoutMs };
      }),
      hosts,
    ),
  );
  url = server.url;
});
const stopFunctions = () => Promise.all([...hosts.values()].map((host) => host.stop()));
afterAll(async () => {
  await stopFunctions();
  await server.stop();
  rmSync(directory, { recursive: true });
});

const json = { 'content-type': 'application/json' };

function ask(path: string, body: object): Promise<Response> {
  return fetch(`${url}${path}`, { method: 'POST', headers: json, body: JSON.stringify(body) });
}

describe('a request', () => {
  test('reaches the function in payload format 2.0', async () => {
    const { port } = new URL(url);
    const request = httpRequest(`${url}/hooks/nightly%20run?a=1&b=x%20y&a=2`, {
      method: 'POST',
      headers: [
        ['Host', `localhost:${port}`],
        ['Content-Type', 'application/json'],
        ['Webhook-Id', 'msg_1'],
        ['X-Twice', 'one'],
        ['X-Twice', 'two'],
        ['Cookie', 'k=v; l=w'],
        ['User-Agent', 'test'],
      ].flat(),
    });
    request.end('{"ref": "main"}');
    const [response] = await once(request, 'response');
    const event = JSON.parse(Buffer.concat(await response.toArray()).toString());
    expect(event).toEqual({
      version: '2.0',
      routeKey: 'POST /hooks/{trigger}',
      rawPath: '/hooks/nightly%20run',
      rawQueryString: 'a=1&b=x%20y&a=2',
      queryStringParameters: { a: '1,2', b: 'x y' },
      cookies: ['k=v', 'l=w'],
      headers: {
        host: `localhost:${port}`,
        'content-type': 'application/json',
        'webhook-id': 'msg_1',
        'x-twice': 'one,two',
        'user-agent': 'test',
        'transfer-encoding': 'chunked',
        connection: 'keep-alive',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-/),
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-port': port,
        'x-forwarded-proto': 'http',
      },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: `localhost:${port}`,
        domainPrefix: 'local',
        http: {
          method: 'POST',
          path: '/hooks/nightly%20run',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'test',
        },
        requestId: expect.any(String),
        routeKey: 'POST /hooks/{trigger}',
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      pathParameters: { trigger: 'nightly run' },
      body: '{"ref": "main"}',
      isBase64Encoded: false,
    });
  });

  test.each([
    ['application/json; charset=utf-8', 'ü', 'ü', false],
    ['application/cloudevents+json', 'x', 'x', false],
    ['application/x-www-form-urlencoded', 'a=b', 'YT1i', true],
    ['application/octet-stream', 'x', 'eA==', true],
  ])(
    'of type %s has its body as it is on API Gateway',
    async (type, sent, body, isBase64Encoded) => {
      const response = await fetch(`${url}/hooks/x`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: Buffer.from(sent),
      });
      expect(await response.json()).toMatchObject({ body, isBase64Encoded });
    },
  );

  test.each([
    ['GET', '/hooks/x', 404, 'Not Found'],
    ['POST', '/hooks', 404, 'Not Found'],
    ['POST', '/hooks/x/y', 404, 'Not Found'],
    ['POST', '/hooks/', 404, 'Not Found'],
  ])('%s %s without a route is answered %i', async (method, path, status, message) => {
    const response = await fetch(`${url}${path}`, { method });
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  test('over 10 MB is answered 413', async () => {
    const body = Buffer.alloc(10_485_761, 'x');
    const response = await fetch(`${url}/hooks/x`, { method: 'POST', headers: json, body });
    expect([response.status, await response.json()]).toEqual([
      413,
      { message: 'Request Entity Too Large' },
    ]);
  });
});

describe('a result', () => {
  function notImitated(fault: string) {
    const message = `The local run cannot imitate this answer: ✖ ${fault}`;
    return [500, JSON.stringify({ message }), null, 'application/json'];
  }

  test.each([
    {
      result: { statusCode: 202, headers: { 'X-One': '1', 'content-type': 'text/x' }, body: 'ok' },
      answer: [202, 'ok', '1', 'text/x'],
    },
    { result: 'text', answer: notImitated('Invalid input: expected object, received string') },
    {
      result: { statusCode: 'x', headers: {}, body: '' },
      answer: notImitated('Invalid input: expected number, received string\n  → at statusCode'),
    },
    {
      result: { statusCode: 200, headers: {}, body: 'eA==', isBase64Encoded: true },
      answer: notImitated('Unrecognized key: "isBase64Encoded"'),
    },
  ])('$result is answered $answer', async ({ result, answer }) => {
    const response = await ask('/fn', { result });
    const { headers } = response;
    expect([
      response.status,
      await response.text(),
      headers.get('x-one'),
      headers.get('content-type'),
    ]).toEqual(answer);
  });
});

describe('a function that', () => {
  test('fails is answered 500 without a reason', async () => {
    const response = await ask('/fn', { fails: true });
    expect([response.status, await response.text()]).toEqual([
      500,
      '{"message":"Internal Server Error"}',
    ]);
  });

  const UNAVAILABLE = [503, '{"message":"Service Unavailable"}'];

  test('outlasts the integration is answered 503', async () => {
    const response = await ask('/brief', { hangs: true });
    expect([response.status, await response.text()]).toEqual(UNAVAILABLE);
  });

  test('is throttled is answered 503 at once', async () => {
    const both = [ask('/single', { hangs: true }), ask('/single', { hangs: true })];
    const first = await Promise.race(both);
    expect([first.status, await first.text()]).toEqual(UNAVAILABLE);
    await stopFunctions();
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([500, 503]);
  });
});
