import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { within } from '../../within.ts';
import type { LocalRoute } from '../assembly/assembly.ts';
import type { FunctionHost } from '../functions/function-host.ts';
import { readBody } from '../server/http-server.ts';
import { toEvent } from './gateway-event.ts';
import { matchRoute } from './route-match.ts';

/** An HTTP API's limit for a request's body. */
const BODY_LIMIT_BYTES = 10_485_760;
/** Lambda's limit for a synchronous event. */
const EVENT_LIMIT_BYTES = 6_291_456;

/** API Gateway's HTTP API in front of the stack's functions; `hosts` is keyed by function ARN. */
export function gateway(
  routes: readonly LocalRoute[],
  hosts: ReadonlyMap<string, FunctionHost>,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const { statusCode, headers, body } = await answer(request, routes, hosts);
    response.writeHead(statusCode, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  };
}

async function answer(
  request: IncomingMessage,
  routes: readonly LocalRoute[],
  hosts: ReadonlyMap<string, FunctionHost>,
): Promise<Answer> {
  const { method = '', url = '/' } = request;
  const body = await readBody(request, BODY_LIMIT_BYTES);
  if (body === 'too-large') return TOO_LARGE;
  const match = matchRoute(routes, method, url.split('?', 1)[0] ?? '/');
  const host = match && hosts.get(match.route.functionArn);
  if (!match || !host) return message(404, 'Not Found');
  const event = JSON.stringify(toEvent(request, body, match));
  if (Buffer.byteLength(event) > EVENT_LIMIT_BYTES) return TOO_LARGE;
  const outcome = await within(host.invoke(event), match.route.timeoutMs);
  if (outcome === 'throttled' || outcome === 'timeout') return message(503, 'Service Unavailable');
  if (!outcome.ok) return message(500, 'Internal Server Error');
  const given = answerSchema.safeParse(JSON.parse(outcome.payload));
  return given.success
    ? given.data
    : message(500, `The local run cannot imitate this answer: ${z.prettifyError(given.error)}`);
}

/** Of payload format 2.0, what the webhook answers: a text, and no cookies. */
const answerSchema = z.strictObject({
  statusCode: z.int().min(200).max(599),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
type Answer = z.infer<typeof answerSchema>;

function message(statusCode: number, text: string): Answer {
  const headers = { 'content-type': 'application/json' };
  return { statusCode, headers, body: JSON.stringify({ message: text }) };
}

const TOO_LARGE = message(413, 'Request Entity Too Large');
