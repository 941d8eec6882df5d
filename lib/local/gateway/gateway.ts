import type { IncomingMessage, ServerResponse } from 'node:http';
import { within } from '../../within.ts';
import type { LocalRoute } from '../assembly/assembly.ts';
import type { FunctionHost } from '../functions/function-host.ts';
import { readBody } from '../server/http-server.ts';
import { answerOf, type GatewayAnswer } from './gateway-answer.ts';
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
  return async (request, response) => send(response, await answer(request, routes, hosts));
}

async function answer(
  request: IncomingMessage,
  routes: readonly LocalRoute[],
  hosts: ReadonlyMap<string, FunctionHost>,
): Promise<GatewayAnswer> {
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
  return (outcome.ok && answerOf(outcome.payload)) || message(500, 'Internal Server Error');
}

function message(status: number, text: string): GatewayAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    cookies: [],
    body: Buffer.from(JSON.stringify({ message: text })),
  };
}

const TOO_LARGE = message(413, 'Request Entity Too Large');

function send(response: ServerResponse, { status, headers, cookies, body }: GatewayAnswer): void {
  response.writeHead(status, {
    ...headers,
    ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    'content-length': body.length,
  });
  response.end(body);
}
