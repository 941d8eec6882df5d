import * as http from 'node:http';
import { https } from '../runtime/https.ts';

/** One HTTP request. The body is a string, so that it leaves with a Content-Length and never chunked. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, or how far the request came without one: with `written: false` the server has seen nothing of it. */
export type Exchange =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfter?: string | undefined;
      /** The `Date` header as it came. */
      readonly date?: string | undefined;
      readonly body: string;
    }
  | {
      readonly kind: 'broken';
      /** Whether a connection (with TLS: the handshake) stood, so that the server may have read the request. */
      readonly written: boolean;
      /** Present when the answer broke off after its status line. */
      readonly status?: number;
      readonly retryAfter?: string | undefined;
      readonly date?: string | undefined;
      readonly reason: string;
    };

/** Real time, in milliseconds. */
export interface ExchangeLimits {
  /** For the connection, with TLS its handshake, to stand: one that does not never carried the request. */
  readonly connectMs: number;
  /** From the call to the answer's last byte. */
  readonly totalMs: number;
}

/** An execute answer lists ids, 40 bytes each: 1 MiB is some 26,000 scenarios. */
const ANSWER_LIMIT_BYTES = 1_048_576;

/**
 * Sends one request and never follows a redirect. It never rejects: a failure is told apart by whether anything was
 * written, which only a fresh connection can tell for sure, so a POST has one of its own. A GET may have that of the GET
 * before, and is sent again where the server had closed it. The request is handed over only when the connection stands in
 * time by the clock: a frozen process's timers come too late.
 */
export async function exchange(request: ApiRequest, limits: ExchangeLimits): Promise<Exchange> {
  if (request.url.protocol === 'https:' && usesProxy(request.url)) {
    const agent = proxyAgent();
    return agent ? (await attempt(request, limits, agent)).result : BAD_PROXY;
  }
  const begun = performance.now();
  const { result, isStale } = await attempt(request, limits, agentFor(request));
  if (!isStale) return result;
  const totalMs = limits.totalMs - (performance.now() - begun);
  return (await attempt(request, { ...limits, totalMs }, false)).result;
}

/** Idle connections are closed before servers and balancers usually close them. */
const KEPT = { keepAlive: true, timeout: 4_000 };
const plain = new http.Agent(KEPT);
let secured: http.Agent | undefined;

function agentFor({ method, url: { protocol } }: ApiRequest): http.Agent | false {
  if (method === 'POST') return false;
  if (protocol === 'http:') return plain;
  secured ??= new (https().Agent)(KEPT);
  return secured;
}

interface Attempt {
  readonly result: Exchange;
  /** A connection of an earlier request broke before anything of the answer came. */
  readonly isStale: boolean;
}

function attempt(request: ApiRequest, limits: ExchangeLimits, agent: http.Agent | false) {
  const secure = request.url.protocol === 'https:';
  return new Promise<Attempt>((resolve) => {
    const progress: Progress = { written: false };
    const outgoing = (secure ? https() : http).request(request.url, {
      agent,
      method: request.method,
      headers: { ...request.headers, ...contentLength(request) },
    });
    const abandon = (reason: string) => {
      progress.abandoned = reason;
      outgoing.destroy(new Error(reason));
      // Not every request emits an error for that: one that waits for its proxy's tunnel does not.
      settle(broken(progress, new Error(reason)));
    };
    const { connectMs } = limits;
    // What is left of the caller's time may be a fraction, or nothing.
    const totalMs = Math.max(1, Math.round(limits.totalMs));
    const noConnection = `no connection within ${connectMs} ms`;
    const noAnswer = `no complete answer within ${totalMs} ms`;
    const connectUntil = Date.now() + Math.min(connectMs, totalMs);
    const connecting = setTimeout(abandon, connectMs, noConnection);
    const answering = setTimeout(abandon, totalMs, noAnswer);
    const settle = (result: Exchange) => {
      clearTimeout(connecting);
      clearTimeout(answering);
      const { reusedSocket } = outgoing;
      const isStale = reusedSocket && !progress.response && progress.abandoned === undefined;
      resolve({ result, isStale });
    };

    const standing = () => {
      if (progress.abandoned !== undefined) return;
      if (Date.now() > connectUntil) return abandon(connectMs < totalMs ? noConnection : noAnswer);
      clearTimeout(connecting);
      progress.written = true;
      outgoing.end(request.body);
    };
    outgoing.once('socket', (socket) => {
      // Through a proxy, the request gets its socket only when the TLS handshake behind the tunnel is over.
      if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', standing);
      else standing();
    });
    outgoing.once('error', (error) => settle(broken(progress, error)));
    outgoing.once('upgrade', (response, socket) => {
      socket.destroy();
      progress.response = response;
      settle(broken(progress, new Error('the server wants to speak another protocol')));
    });
    outgoing.once('response', (response) => {
      progress.response = response;
      collect(response).then(
        (body) => settle({ kind: 'answered', ...head(response), body }),
        (error: Error) => {
          settle(broken(progress, error));
          outgoing.destroy();
        },
      );
    });
  });
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether the environment names a proxy for https, as Node itself understands it with NO_PROXY. */
function usesProxy({ hostname }: URL): boolean {
  return proxyInEnvironment() !== '' && !LOOPBACK.test(hostname);
}

function proxyInEnvironment(): string {
  const { HTTPS_PROXY = '', https_proxy = HTTPS_PROXY } = process.env;
  return https_proxy;
}

/**
 * Undefined when the variable cannot be read. Node's own error quotes its value, which may hold a password, and a value
 * without a scheme Node would pass over.
 */
function proxyAgent(): http.Agent | undefined {
  if (!/^https?:\/\//i.test(proxyInEnvironment())) return undefined;
  try {
    return new (https().Agent)({ proxyEnv: process.env });
  } catch {
    return undefined;
  }
}

const BAD_PROXY: Exchange = {
  kind: 'broken',
  written: false,
  reason:
    'the environment variable HTTPS_PROXY (or https_proxy) is not a URL such as http://proxy:3128',
};

interface Progress {
  written: boolean;
  /** Why this side gave up; the sockets' own error then says less. */
  abandoned?: string;
  response?: http.IncomingMessage;
}

function contentLength({ body }: ApiRequest): Record<string, number> {
  return body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
}

async function collect(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > ANSWER_LIMIT_BYTES)
      throw new Error(`answer larger than ${ANSWER_LIMIT_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function broken({ written, abandoned, response }: Progress, error: Error): Exchange {
  const reason = abandoned ?? describe(error);
  return { kind: 'broken', written, ...(response && head(response)), reason };
}

function head(response: http.IncomingMessage) {
  const { 'retry-after': retryAfter, date } = response.headers;
  return { status: response.statusCode ?? 0, retryAfter, date };
}

/**
 * On one line: a proxy's own words may be in it, and OpenSSL ends its own with a line break. Node puts the reasons of
 * several failed addresses into an AggregateError with an empty message.
 */
function describe(error: Error): string {
  const errors = error instanceof AggregateError ? error.errors : [error];
  const reasons = errors.map((each) => (each instanceof Error ? each.message : String(each)));
  return reasons.map((reason) => reason.replace(/\s+/g, ' ').trim()).join('; ');
}
