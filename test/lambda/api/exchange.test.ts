import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createRequire } from 'node:module';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { type Exchange, exchange } from '../../../lambda/api/exchange.ts';

/** Long enough for a loaded machine. */
const PATIENT = { connectMs: 10_000, totalMs: 20_000 };
/** What a server that never connects or never answers is given. */
const HURRIED = { connectMs: 200, totalMs: 400 };
/** A connection stands at once, on any machine. */
const SLOW_TO_ANSWER = { connectMs: 10_000, totalMs: 400 };
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
  vi.unstubAllEnvs();
});

async function serve(listener: RequestListener): Promise<string> {
  const dateless: RequestListener = (request, response) => {
    response.sendDate = false;
    return listener(request, response);
  };
  const server = createServer(dateless).listen(0, '127.0.0.1');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${portOf(server.address())}`;
}

async function serveTcp(onConnection: (socket: Socket) => void): Promise<number> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    closers.push(() => socket.destroy());
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  closers.push(() => server.close());
  await once(server, 'listening');
  return portOf(server.address());
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('not a TCP address');
  return address.port;
}

function post(url: string, limits = PATIENT): Promise<Exchange> {
  return exchange({ method: 'POST', url: new URL(url), headers: {}, body: '{"a":"é"}' }, limits);
}

test('a string body leaves with its length in bytes and never chunked', async () => {
  const seen: unknown[] = [];
  const url = await serve((request, response) => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    seen.push([request.method, length, coding]);
    response.end('{}');
  });
  expect(await post(url)).toEqual({ kind: 'answered', status: 200, body: '{}' });
  expect(seen).toEqual([['POST', '10', undefined]]);
});

test('a redirect is an answer like any other', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(307, { location: '/elsewhere', 'retry-after': '3' }).end();
  });
  expect(await post(url)).toEqual({ kind: 'answered', status: 307, retryAfter: '3', body: '' });
});

test('the server’s clock comes with its answer', async () => {
  const date = 'Tue, 24 Nov 2026 02:00:00 GMT';
  const url = await serve((_request, response) => {
    response.writeHead(500, { date }).end('{}');
  });
  expect(await post(url)).toEqual({ kind: 'answered', status: 500, date, body: '{}' });
});

test('a process that was frozen while it connected hands nothing over', async () => {
  const requests: unknown[] = [];
  const url = await serve((request, response) => {
    requests.push(request.url);
    response.end('{}');
  });
  const start = Date.now();
  vi.spyOn(Date, 'now')
    .mockReturnValueOnce(start)
    .mockReturnValue(start + 11_000);
  expect(await post(url)).toEqual({
    kind: 'broken',
    written: false,
    reason: 'no connection within 10000 ms',
  });
  vi.restoreAllMocks();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(requests).toEqual([]);
});

test('a refused connection carried nothing', async () => {
  const port = await serveTcp(() => {});
  for (const close of closers.splice(0)) close();
  expect(await post(`http://127.0.0.1:${port}`)).toMatchObject({
    kind: 'broken',
    written: false,
    reason: `connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});

test('a host that does not exist carried nothing', async () => {
  expect(await post(`http://${'x'.repeat(64)}`)).toMatchObject({ kind: 'broken', written: false });
});

test('a TLS handshake that never ends carried nothing', async () => {
  const port = await serveTcp(() => {});
  expect(await post(`https://127.0.0.1:${port}`, HURRIED)).toEqual({
    kind: 'broken',
    written: false,
    reason: 'no connection within 200 ms',
  });
});

test('a server that does not speak TLS was told nothing', async () => {
  const url = await serve((_request, response) => response.end('{}'));
  expect(await post(url.replace('http:', 'https:'))).toMatchObject({ written: false });
});

test('a reset may come after the request was read', async () => {
  const port = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
  expect(await post(`http://127.0.0.1:${port}`)).toEqual({
    kind: 'broken',
    written: true,
    reason: 'read ECONNRESET',
  });
});

test('a server that hangs is given up after the total time', async () => {
  const url = await serve(() => {});
  expect(await post(url, SLOW_TO_ANSWER)).toEqual({
    kind: 'broken',
    written: true,
    reason: 'no complete answer within 400 ms',
  });
});

test('an answer that trickles is given up after the total time', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write(' '), 20);
    closers.push(() => clearInterval(drip));
  });
  expect(await post(url, SLOW_TO_ANSWER)).toEqual({
    kind: 'broken',
    written: true,
    status: 200,
    reason: 'no complete answer within 400 ms',
  });
});

test('an answer that breaks off keeps its status', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"execution_id":', () => response.destroy());
  });
  expect(await post(url)).toEqual({
    kind: 'broken',
    written: true,
    status: 200,
    reason: 'aborted',
  });
});

test('a server that switches protocols is not waited for', async () => {
  const answer = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
  const port = await serveTcp((socket) => socket.once('data', () => socket.write(answer)));
  expect(await post(`http://127.0.0.1:${port}`)).toEqual({
    kind: 'broken',
    written: true,
    status: 101,
    reason: 'the server wants to speak another protocol',
  });
});

test('an answer of 10 MB is not read to its end', async () => {
  const url = await serve((_request, response) => response.end(Buffer.alloc(10_000_000, 'x')));
  expect(await post(url)).toEqual({
    kind: 'broken',
    written: true,
    status: 200,
    reason: 'answer larger than 1048576 bytes',
  });
});

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
    closers.push(() => socket.destroy());
    const open = () => {
      const upstream = connect(targetPort, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      }).on('error', () => socket.destroy());
    };
    if (tunnel === 'opens') open();
    if (tunnel === 'opens late') setTimeout(open, 300);
    if (tunnel === 'refuses') socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    if (tunnel === 'mute') socket.write('HTTP/1.1 200 OK\r\n\r\n');
  });
  const port = await portWhenListening(proxy.listen(0, '127.0.0.1'));
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  return { connects, received };
}

async function portWhenListening(server: Server): Promise<number> {
  closers.push(() => server.close());
  await once(server, 'listening');
  return portOf(server.address());
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
  ['hangs', HURRIED, 'no connection within 200 ms'],
  ['mute', HURRIED, 'no connection within 200 ms'],
  ['opens late', HURRIED, 'no connection within 200 ms'],
  ['refuses', PATIENT, expect.stringContaining('HTTP/1.1 407')],
] as const)('a proxy whose tunnel %s has carried nothing', async (tunnel, limits, reason) => {
  const { received } = await serveProxy(tunnel);
  const result = await post('https://api.example.test/a/', limits);
  expect(result).toEqual({ kind: 'broken', written: false, reason });
  await new Promise((resolve) => setTimeout(resolve, 300));
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

test.each(['http://user:s3cret@:bad:', 'http://user:s3 cret@proxy:x'])(
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
