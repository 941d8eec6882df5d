import type { Agent, request } from 'node:http';
import { executeByHand, type Send } from './by-hand.ts';

/** The baseline's handler on these parts of `node:http`. */
export function handlerOn(http: { Agent: typeof Agent; request: typeof request }) {
  const agent = new http.Agent({ keepAlive: true });
  const send: Send = (url, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
      http
        .request(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        })
        .on('error', reject)
        .end(body);
    });
  return (event: { trigger: string; scheduledTime: string }) => executeByHand(event, send);
}
