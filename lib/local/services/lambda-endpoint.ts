import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '../functions/function-process.ts';
import { type LoopbackServer, readBody, sendJson, serveLoopback } from '../server/http-server.ts';
import { isSignedWith } from './access-key.ts';

/** Runs a function of the stack by name or ARN; undefined when there is none. */
export type InvokeByName = (
  functionName: string,
  event: string,
) => Promise<Outcome | 'throttled'> | undefined;

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
/** Lambda's limit for a synchronous event. */
const EVENT_LIMIT_BYTES = 6_291_456;

/** Serves Lambda's Invoke, synchronously, to clients with this access key. */
export function startLambdaEndpoint(
  accessKeyId: string,
  invoke: InvokeByName,
): Promise<LoopbackServer> {
  return serveLoopback(async (request, response) => {
    if (!isSignedWith(accessKeyId, request)) {
      return fail(response, 403, 'UnrecognizedClientException', 'The security token is invalid.');
    }
    const [, name] = INVOKE.exec(pathOf(request)) ?? [];
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (request.method !== 'POST' || name === undefined || type !== 'RequestResponse') {
      const asked = `${request.method} ${pathOf(request)} (${type})`;
      const message = `Only a synchronous Invoke is imitated, not ${asked}`;
      return fail(response, 400, 'InvalidRequestContentException', message);
    }
    const event = await readBody(request, EVENT_LIMIT_BYTES);
    if (event === 'too-large') {
      return fail(response, 413, 'RequestTooLargeException', 'The event is too large');
    }
    const outcome = await invoke(decodeURIComponent(name), event.toString('utf8'));
    if (outcome === undefined) {
      const message = `Function not found: ${decodeURIComponent(name)}`;
      return fail(response, 404, 'ResourceNotFoundException', message);
    }
    if (outcome === 'throttled') {
      return fail(response, 429, 'TooManyRequestsException', 'Rate Exceeded.');
    }
    send(response, outcome);
  });
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/';
}

function send(response: ServerResponse, outcome: Outcome): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-amz-executed-version': '$LATEST',
    ...(!outcome.ok && { 'x-amz-function-error': 'Unhandled' }),
  });
  response.end(outcome.ok ? outcome.payload : JSON.stringify(outcome.error));
}

function fail(response: ServerResponse, status: number, type: string, message: string): void {
  sendJson(response, status, { Type: 'User', Message: message }, { 'x-amzn-errortype': type });
}
