import * as http from 'node:http';
import { text } from 'node:stream/consumers';
import { https } from './https.ts';

interface Posting {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface PostLimits {
  /** Milliseconds for an answer to begin, and again for it to end. */
  readonly answerMs: number;
  readonly abortSignal?: AbortSignal;
}

interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Rejects with the connection's error, or a TimeoutError: the SDK's retries look at codes and names. */
export type Post = (posting: Posting, limits: PostLimits) => Promise<Reply>;

const CONNECT_MS = 1_000;

/** Posts on connections that are kept for the next request; by default as many as the SDK's clients have. */
export function poster(maxSockets = 50): Post {
  const plain = new http.Agent({ keepAlive: true, maxSockets });
  let secure: http.Agent | undefined;
  return ({ url, headers, body }, { answerMs, abortSignal }) =>
    new Promise((resolve, reject) => {
      const isSecure = url.protocol === 'https:';
      if (isSecure) secure ??= new (https().Agent)({ keepAlive: true, maxSockets });
      const outgoing = (isSecure ? https() : http).request(url, {
        agent: isSecure ? secure : plain,
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        ...(abortSignal && { signal: abortSignal }),
      });
      const giveUp = (missing: string, ms: number) => {
        reject(new TimeoutError(`No ${missing} within ${ms} ms`));
        outgoing.destroy();
      };
      const answering = setTimeout(giveUp, answerMs, 'answer', answerMs);
      outgoing.once('socket', (socket) => {
        if (!socket.connecting) return;
        const connecting = setTimeout(giveUp, CONNECT_MS, 'connection', CONNECT_MS);
        const stands = () => clearTimeout(connecting);
        socket.once(isSecure ? 'secureConnect' : 'connect', stands).once('close', stands);
      });
      outgoing.once('error', (error) => {
        clearTimeout(answering);
        reject(error);
      });
      outgoing.once('response', (response) => {
        answering.refresh();
        const { statusCode = 0 } = response;
        const received = Object.entries(response.headers);
        const headers = Object.fromEntries(received.map(([name, of]) => [name, String(of)]));
        text(response)
          .then((all) => resolve({ statusCode, headers, text: all }), reject)
          .finally(() => clearTimeout(answering));
      });
      outgoing.end(body);
    });
}

class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}
