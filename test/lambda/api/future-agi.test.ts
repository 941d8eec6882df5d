import { expect, onTestFinished, test } from 'vitest';
import { executeRequest, send } from '../../../lambda/api/future-agi.ts';
import { readBody, serveLoopback } from '../../../lib/local/server/http-server.ts';

const SINGLE = { dialect: 'documented', apiKey: 'fi-key-1' } as const;
const PAIR = { dialect: 'current', apiKey: 'fi-key-1', secretKey: 'fi-secret-2' } as const;
const RUN_TEST = '3C90C3CC-0D44-4B50-8888-8DD25736052A';

test.each([
  ['https://api.futureagi.com', 'https://api.futureagi.com'],
  ['https://api.futureagi.com/', 'https://api.futureagi.com'],
  ['https://api.futureagi.com//', 'https://api.futureagi.com'],
  ['http://localhost:8000/fi/', 'http://localhost:8000/fi'],
])(
  'below %s the path has one slash before and after it, and an id in small letters',
  (base, at) => {
    expect(executeRequest(base, RUN_TEST, {}, SINGLE).url.href).toBe(
      `${at}/simulate/run-tests/3c90c3cc-0d44-4b50-8888-8dd25736052a/execute/`,
    );
  },
);

test.each([
  [SINGLE, { authorization: 'Bearer fi-key-1' }],
  [PAIR, { 'x-api-key': 'fi-key-1', 'x-secret-key': 'fi-secret-2' }],
])('a server that repeats the request of %o repeats no key', async (key, credentials) => {
  const server = await serveLoopback(async (request, response) => {
    const { authorization, 'x-api-key': apiKey, 'x-secret-key': secretKey } = request.headers;
    const seen = { authorization, 'x-api-key': apiKey, 'x-secret-key': secretKey };
    await readBody(request, 1_000);
    response.end(JSON.stringify(seen));
  });
  onTestFinished(() => server.stop());
  const request = executeRequest(server.url, RUN_TEST, {}, key);
  const answer = await send(request, key, { connectMs: 5_000, totalMs: 5_000 });
  const values = Object.entries(credentials).map(([name, value]) => [
    name,
    value.replace(/fi-.*/, '[key]'),
  ]);
  expect(answer).toEqual({
    kind: 'answered',
    status: 200,
    body: JSON.stringify(Object.fromEntries(values)),
  });
});
