import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { serveLoopback } from '../../../lib/local/server/http-server.ts';

async function serve() {
  const seen: string[] = [];
  const server = await serveLoopback(async ({ url = '' }, response) => {
    seen.push(url);
    response.end('in');
  });
  onTestFinished(() => server.stop());
  const send = (method: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      request(server.url, { method, headers }, (response) => {
        text(response).then(() => resolve(response.statusCode), reject);
      })
        .on('error', reject)
        .end();
    });
  return { seen, send, port: new URL(server.url).port };
}

const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket' };

test.each<[string, string, (port: string) => Record<string, string>, number]>([
  ['of a program', 'POST', () => ({}), 200],
  ['under localhost', 'GET', (port) => ({ host: `localhost:${port}` }), 200],
  ['of its own page', 'POST', (port) => ({ origin: `http://127.0.0.1:${port}` }), 200],
  ['of a person who types the address', 'GET', () => ({ 'sec-fetch-site': 'none' }), 200],
  ['of a page of another origin', 'POST', () => ({ origin: 'https://evil.example' }), 403],
  ['of a page of another port', 'POST', () => ({ origin: 'http://127.0.0.1:1' }), 403],
  ['of a sandboxed page', 'POST', () => ({ origin: 'null' }), 403],
  ['of an image in a foreign page', 'GET', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
  ['of a page of another local server', 'GET', () => ({ 'sec-fetch-site': 'same-site' }), 403],
  ['under a name that was rebound', 'POST', (port) => ({ host: `evil.example:${port}` }), 403],
  ['under localhost with a dot', 'GET', (port) => ({ host: `localhost.:${port}` }), 403],
  ['under the address of version 6', 'GET', (port) => ({ host: `[::1]:${port}` }), 403],
  ['under every address', 'GET', (port) => ({ host: `0.0.0.0:${port}` }), 403],
  ['without the port', 'GET', () => ({ host: 'localhost' }), 403],
  ['of an empty origin', 'POST', () => ({ origin: '' }), 403],
  ['that opens a web socket', 'GET', () => ({ ...UPGRADE, origin: 'https://evil.example' }), 403],
  ['under the right name at another port', 'POST', () => ({ host: '127.0.0.1:1' }), 403],
  ['that is a preflight', 'OPTIONS', () => ({ 'access-control-request-method': 'POST' }), 403],
])('a request %s', async (_name, method, headers, status) => {
  const { seen, send, port } = await serve();
  expect(await send(method, headers(port))).toBe(status);
  expect(seen.length).toBe(status === 200 ? 1 : 0);
});
