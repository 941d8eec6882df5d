import { Agent, request } from 'node:http';
import { executeByHand, type Send } from './by-hand.ts';

const agent = new Agent({ keepAlive: true });

/** By hand, with `node:http`. */
export const handler = (event: { trigger: string; scheduledTime: string }) =>
  executeByHand(event, send);

const send: Send = (url, { method, headers, body }) =>
  new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    request(url, { agent, method, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
    })
      .on('error', reject)
      .end(body);
  });
