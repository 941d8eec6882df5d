import { EventEmitter } from 'node:events';
import type { RequestListener } from 'node:http';

/** What an SDK client sends and gets back, as far as a JSON service goes. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}
interface Response {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/**
 * An SDK client's request handler that calls a server's listener instead of sending over a socket, which takes most
 * of a request's time. The listener gets a stream with method, path and headers, `added` among them, and may set headers
 * and end.
 */
export function inProcessHandler(
  listener: (...exchange: Parameters<RequestListener>) => void,
  added: Readonly<Record<string, string>>,
) {
  return {
    handle({ method, path, headers, body = '' }: Request): Promise<{ response: Response }> {
      // A copy: the SDK warns when its own bytes are read as text.
      const bytes = typeof body === 'string' ? Buffer.from(body) : Buffer.copyBytesFrom(body);
      const received = Object.assign(new EventEmitter(), {
        method,
        url: path,
        headers: { ...added, ...lowerCased(headers) },
      });
      return new Promise((resolve) => {
        const answer = {
          statusCode: 200,
          headers: {} as Record<string, string>,
          setHeader(name: string, value: unknown) {
            answer.headers[name.toLowerCase()] = String(value);
          },
          end(text = '') {
            const { statusCode, headers: sent } = answer;
            resolve({ response: { statusCode, headers: sent, body: Buffer.from(text) } });
          },
        };
        listener(received as never, answer as never);
        received.emit('data', bytes);
        received.emit('end');
      });
    },
    destroy() {},
  };
}

function lowerCased(headers: Request['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
