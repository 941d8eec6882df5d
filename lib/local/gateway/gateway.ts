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
    const { status, headers, body } = await answer(request, routes, hosts);
    response.statusCode = status;
    response.setHeaders(headers);
    response.end(body);
  };
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
  return { status, headers: new Headers(JSON_TYPE), body: JSON.stringify({ message: text }) };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const TOO_LARGE = message(413, 'Request Entity Too Large');

interface GatewayAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer | string;
}

const resultSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/**
 * Reads a function's result (JSON) as payload format 2.0 does: with a `statusCode` it is the answer, without
 * one it is the body of a 200. Undefined when API Gateway would answer 500 to it.
 */
function answerOf(payload: string): GatewayAnswer | undefined {
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : payload;
    return { status: 200, headers: new Headers(JSON_TYPE), body };
  }
  const { data } = resultSchema.safeParse(result);
  if (!data) return undefined;
  const headers = new Headers({ 'content-type': 'text/plain;charset=UTF-8' });
  for (const [name, value] of Object.entries(data.headers ?? {})) headers.set(name, String(value));
  for (const cookie of data.cookies ?? []) headers.append('set-cookie', cookie);
  headers.delete('content-length');
  const body = Buffer.from(data.body ?? '', data.isBase64Encoded ? 'base64' : 'utf8');
  return { status: data.statusCode, headers, body };
}
