import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';

/** Listens on 127.0.0.1 only, from when it is made until `stop`. */
export interface LoopbackServer {
  /** Without a trailing slash. */
  readonly url: string;
  /** Listens no more, gives answers under way so long to leave (by default a moment), then ends every connection. */
  stop(graceMs?: number): Promise<void>;
}

const STOP_GRACE_MS = 250;
const CLOSE_IDLE_EVERY_MS = 20;

/**
 * Serves on 127.0.0.1; a handler that rejects costs its connection and a warning. Port 0 is any free one. Rejects
 * with the system's error when the port is taken.
 */
export function serveLoopback(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  port = 0,
): Promise<LoopbackServer> {
  const listener: RequestListener = (request, response) => {
    handle(request, response).catch((error: Error) => {
      response.destroy();
      if (request.complete) process.emitWarning(error);
    });
  };
  return listenOnLoopback(createServer(listener), port);
}

/** Makes an existing server listen on 127.0.0.1, behind the check of `refusal`. */
export async function listenOnLoopback(server: Server, port: number): Promise<LoopbackServer> {
  const handlers = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const message = refusal(request);
    if (message !== undefined) return sendJson(response, 403, { message });
    for (const handle of handlers) handle(request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async stop(graceMs = STOP_GRACE_MS) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Those that have answered since then are idle, and would be kept for seconds.
      const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearInterval(idle);
      clearTimeout(timer);
    },
  };
}

/**
 * Why a request is not read any further. A web page can reach this port: through the reader's browser (a foreign
 * Origin, or Sec-Fetch-Site where a browser sends none) or through a name that resolves to 127.0.0.1 (a foreign Host).
 */
function refusal({ headers, socket }: IncomingMessage): string | undefined {
  const own = ['127.0.0.1', 'localhost'].map((name) => `${name}:${socket.localPort}`);
  const { host = '', origin } = headers;
  if (!own.includes(host.toLowerCase())) {
    return `Only answered under ${own.join(' or ')}: a tunnel has to set the header Host to one of these`;
  }
  const isForeign = origin !== undefined && !own.includes(origin.replace(/^http:\/\//, ''));
  const site = headers['sec-fetch-site'] ?? 'none';
  const isPreflight = headers['access-control-request-method'] !== undefined;
  if (isForeign || !['none', 'same-origin'].includes(site) || isPreflight) {
    return 'No web page of another address may send requests here';
  }
  return undefined;
}

/** The request's body, read to its end, or `too-large` when it exceeds the limit. */
export async function readBody(
  request: IncomingMessage,
  limitBytes: number,
): Promise<Buffer | 'too-large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= limitBytes) chunks.push(chunk);
  }
  return size <= limitBytes ? Buffer.concat(chunks) : 'too-large';
}

/** Ends the response. A line break follows the JSON, for terminals. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}
