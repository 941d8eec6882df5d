import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { exchange } from '../../../lambda/api/exchange.ts';
import { closeAll, onClose, portWhenListening, serveTcp } from '../../support/servers.ts';

/** Long enough for a loaded machine: they pass only where a test lets them. */
const LIMITS = { connectMs: 10_000, totalMs: 20_000 };

afterEach(() => {
  closeAll();
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

function post(url: string) {
  return exchange({ method: 'POST', url: new URL(url), headers: {}, body: '{"a":"é"}' }, LIMITS);
}

/** A proxy that answers CONNECT as told; a tunnel leads to a TLS server on this machine. */
async function serveProxy(tunnel: 'opens' | 'opens late' | 'hangs' | 'refuses' | 'mute') {
  const [key, cert] = ['key', 'crt'].map((part) =>
    readFileSync(createRequire(import.meta.url).resolve(`dynalite/ssl/server-${part}.pem`)),
  );
  const received: string[] = [];
  const target = createTlsServer({ key, cert }, (request, response) => {
    received.push(`${request.method} ${request.url} ${request.headers['content-length']}`);
    response.sendDate = false;
    response.end('{}');
  }).listen(0, '127.0.0.1');
  const targetPort = await portWhenListening(target);
  const connects: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    connects.push(request.url ?? '');
    socket.on('error', () => socket.destroy());
    onClose(() => socket.destroy());
    const open = () => {
      const upstream = connect(targetPort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      }).on('error', () => socket.destroy());
    };
    if (tunnel === 'opens') open();
    if (tunnel === 'refuses') socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const passConnectTime = () => void vi.advanceTimersByTime(LIMITS.connectMs);
    if (tunnel === 'hangs') passConnectTime();
    if (tunnel === 'mute') {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.once('data', passConnectTime);
    }
    if (tunnel === 'opens late') {
      passConnectTime();
      open();
    }
  });
  const port = await portWhenListening(proxy.listen(0, '127.0.0.1'));
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  return { connects, received };
}

test('a proxy in the environment carries the request through a tunnel', async () => {
  const { connects, received } = await serveProxy('opens');
  expect(await post('https://api.example.test/a/')).toEqual({
    kind: 'answered',
    status: 200,
    body: '{}',
  });
  expect(connects).toEqual(['api.example.test:443']);
  expect(received).toEqual(['POST /a/ 10']);
});

test.each([
  ['hangs', 'no connection within 10000 ms'],
  ['mute', 'no connection within 10000 ms'],
  ['opens late', 'no connection within 10000 ms'],
  ['refuses', expect.stringContaining('HTTP/1.1 407')],
] as const)('a proxy whose tunnel %s has carried nothing', async (tunnel, reason) => {
  const { received } = await serveProxy(tunnel);
  if (tunnel !== 'refuses') vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const result = await post('https://api.example.test/a/');
  expect(result).toEqual({ kind: 'broken', written: false, reason });
  vi.useRealTimers();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(received).toEqual([]);
});

test.each(['http://127.0.0.1:PORT/', 'https://127.0.0.1:PORT/'])(
  'no proxy stands between this machine and itself at %s',
  async (url) => {
    const { connects } = await serveProxy('opens');
    const port = await serveTcp((socket) => socket.destroy());
    await post(url.replace('PORT', String(port)));
    expect(connects).toEqual([]);
  },
);

test.each(['http://user:s3cret@:bad:', 'http://user:s3 cret@proxy:x', 'user:s3cret@proxy:3128'])(
  'the malformed proxy %s is named by its variable, and nothing leaves',
  async (url) => {
    vi.stubEnv('HTTPS_PROXY', url);
    const request = {
      method: 'GET',
      url: new URL('https://api.example.com/'),
      headers: {},
    } as const;
    expect(await exchange(request, { connectMs: 1_000, totalMs: 1_000 })).toEqual({
      kind: 'broken',
      written: false,
      reason:
        'the environment variable HTTPS_PROXY (or https_proxy) is not a URL such as http://proxy:3128',
    });
  },
);
