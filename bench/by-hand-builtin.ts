import { executeByHand, type Send } from './by-hand.ts';

const { Agent, request } = process.getBuiltinModule('node:http');
const agent = new Agent({ keepAlive: true });

/** By hand, with `node:http` as the bundles have it: without the undici that an import of it loads. */
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
