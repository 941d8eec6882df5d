import { afterEach, expect, test, vi } from 'vitest';
import { type Exchange, exchange } from '../../../lambda/api/exchange.ts';
import { closeAll, onClose, serve, serveTcp } from '../../support/servers.ts';

/** Long enough for a loaded machine: they pass only where a test lets them. */
const LIMITS = { connectMs: 10_000, totalMs: 20_000 };

afterEach(() => {
  closeAll();
  vi.useRealTimers();
});

/** Lets the limits pass only when a test says so, so that a busy machine changes nothing. */
function stopTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
}

function post(url: string, limits = LIMITS): Promise<Exchange> {
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

// milliseconds for the connection and in all, what is told when both are over
test.each([
  [10_000, 20_000, 'no connection within 10000 ms'],
  [10_000, 5_000, 'no complete answer within 5000 ms'],
])(
  'a process that was frozen while it connected (%i of %i ms) hands nothing over',
  async (connectMs, totalMs, reason) => {
    const requests: unknown[] = [];
    const url = await serve((request, response) => {
      requests.push(request.url);
      response.end('{}');
    });
    const start = Date.now();
    vi.spyOn(Date, 'now')
      .mockReturnValueOnce(start)
      .mockReturnValue(start + 11_000);
    expect(await post(url, { connectMs, totalMs })).toEqual({
      kind: 'broken',
      written: false,
      reason,
    });
    vi.restoreAllMocks();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(requests).toEqual([]);
  },
);

test('a refused connection carried nothing', async () => {
  const port = await serveTcp(() => {});
  closeAll();
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
  stopTimers();
  const port = await serveTcp(() => vi.advanceTimersByTime(10_000));
  expect(await post(`https://127.0.0.1:${port}`)).toEqual({
    kind: 'broken',
    written: false,
    reason: 'no connection within 10000 ms',
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
  stopTimers();
  const url = await serve(() => vi.advanceTimersByTime(20_000));
  expect(await post(url)).toEqual({
    kind: 'broken',
    written: true,
    reason: 'no complete answer within 20000 ms',
  });
});

test('an answer that trickles is given up after the total time', async () => {
  stopTimers();
  const url = await serve((_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => {
      response.write(' ');
      vi.advanceTimersByTime(1_000);
    }, 2);
    onClose(() => clearInterval(drip));
  });
  expect(await post(url)).toEqual({
    kind: 'broken',
    written: true,
    status: 200,
    reason: 'no complete answer within 20000 ms',
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

test('a GET has the connection of the GET before, and a POST one of its own', async () => {
  const ports: unknown[] = [];
  const url = await serve((request, response) => {
    ports.push(request.socket.remotePort);
    response.end('{}');
  });
  await get(url);
  await get(url);
  await post(url);
  await post(url);
  const [first, second, third, fourth] = ports;
  expect(second).toBe(first);
  expect(new Set([first, third, fourth]).size).toBe(3);
});

// which request's connection the server closes, what becomes of the last one, and how many there were
test.each([
  ['the connection of the one before', 2, 'answered', 3],
  ['its own connection', 1, 'broken', 1],
])('of a GET, the server closes %s (request %i): %s', async (_, closed, kind, total) => {
  let count = 0;
  const url = await serve((request, response) => {
    count += 1;
    if (count === closed) request.socket.destroy();
    else response.end('{}');
  });
  if (closed === 2) await get(url);
  expect(await get(url)).toMatchObject({ kind });
  expect(count).toBe(total);
});

test('a GET that is sent again has what is left of its time, in whole milliseconds', async () => {
  stopTimers();
  let count = 0;
  const url = await serve((request, response) => {
    count += 1;
    if (count === 1) response.end('{}');
    if (count === 2) {
      const closing = setInterval(() => request.socket.destroy(), 20);
      onClose(() => clearInterval(closing));
    }
    if (count === 3) vi.advanceTimersByTime(20_000);
  });
  await get(url);
  expect(await get(url)).toMatchObject({
    kind: 'broken',
    reason: expect.stringMatching(/^no complete answer within 1\d{4} ms$/),
  });
  expect(count).toBe(3);
});

// Node would warn of the timer, and a warning fails the run.
test.each([0, -210_000])('a GET with %i ms left is given up at once', async (totalMs) => {
  const url = await serve(() => {});
  expect(await get(url, { ...LIMITS, totalMs })).toMatchObject({
    kind: 'broken',
    reason: 'no complete answer within 1 ms',
  });
});

function get(url: string, limits = LIMITS): Promise<Exchange> {
  return exchange({ method: 'GET', url: new URL(url), headers: {} }, limits);
}
