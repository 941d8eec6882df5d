import { expect, onTestFinished, test } from 'vitest';
import { executeRequest, listExecutions, send } from '../../../lambda/api/future-agi.ts';
import { withoutKey } from '../../../lambda/api/without-key.ts';
import { readBody, serveLoopback } from '../../../lib/local/server/http-server.ts';

const SINGLE = { dialect: 'documented', apiKey: 'fi-key-1' } as const;
const PAIR = { dialect: 'current', apiKey: 'fi-key-1', secretKey: 'fi-secret-2' } as const;
const LIMITS = { connectMs: 5_000, totalMs: 5_000 };
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
    date: expect.any(String),
    body: JSON.stringify(Object.fromEntries(values)),
  });
});

test.each([
  ['as it is', 'k/y&"1'],
  ['escaped for JSON', 'k\\/y\\u0026\\"1'],
  ['escaped for JSON in capitals', '\\u006B\\u002Fy\\u0026\\u00221'],
  ['encoded for a URL', 'k%2Fy%26%221'],
  ['encoded for a URL in small letters', 'k%2fy%26%221'],
  ['escaped for HTML', 'k&#x2F;y&amp;&quot;1'],
  ['escaped for HTML by number', 'k&#47;y&#38;&#34;1'],
  ['escaped for JSON within JSON', 'k/y\\\\u0026\\\\\\"1'],
  ['encoded for a URL within a URL', 'k%252Fy%2526%25221'],
  ['escaped for HTML twice', 'k/y&amp;amp;&quot;1'],
  ['in capitals', 'K/Y&"1'],
])('a key %s is taken out', (_name, written) => {
  const key = { dialect: 'documented', apiKey: 'k/y&"1' } as const;
  expect(withoutKey(`before ${written} after`, key)).toBe('before [key] after');
});

test.each(['', 'Bearer ', 'x:'])('a key in base64 behind "%s" is taken out', (before) => {
  const key = { dialect: 'documented', apiKey: 'fi?a1B2>c3D4/e5F6' } as const;
  const bytes = Buffer.from(`${before}${key.apiKey}, and more`);
  for (const encoding of ['base64', 'base64url', 'hex'] as const) {
    const left = Buffer.from(
      withoutKey(bytes.toString(encoding), key).replace(/\[key].*/, ''),
      encoding,
    );
    expect(left.toString()).toBe(before);
  }
});

test('a megabyte of what a key may be escaped with is read within seconds', () => {
  const key = { dialect: 'documented', apiKey: 'a/b&c%d"e' } as const;
  const text = ['\\', '%25', '&amp;', '&#x0'].map((each) => each.repeat(300_000)).join('');
  expect(withoutKey(`${text}a/b`, key)).toBe(`${text}a/b`);
});

test.each([
  ['that caps the page and tells the pages', { total_pages: 2 }, false],
  ['that caps the page and tells the next one', { next: 'http://api/?page=2' }, false],
  ['on its last page', { total_pages: 1 }, true],
  ['that tells no more than a short page', {}, true],
])('a server %s', async (_name, more, last) => {
  const results = Array.from({ length: 10 }, (_, index) => ({
    id: `e-${index}`,
    status: 'Completed',
  }));
  const server = await serveLoopback(async (_request, response) => {
    response.end(JSON.stringify({ results, ...more }));
  });
  onTestFinished(() => server.stop());
  const page = await listExecutions(RUN_TEST, 1, {
    baseUrl: server.url,
    key: SINGLE,
    limits: () => LIMITS,
  });
  expect(page).toMatchObject({ kind: 'page', last });
});
