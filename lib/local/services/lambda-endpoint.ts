import type { Outcome } from '../functions/function-process.ts';
import { type ServiceAnswer, ServiceFault, serveAws } from '../server/aws-service.ts';
import type { LoopbackServer } from '../server/http-server.ts';

/** Runs a function of the stack by name or ARN; undefined when there is none. */
export type InvokeByName = (
  functionName: string,
  event: string,
) => Promise<Outcome | 'throttled'> | undefined;

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/**
 * Serves Lambda's Invoke to clients with this access key; asynchronously too where there is a `queue`, which returns false when
 * there is no such function.
 */
export function startLambdaEndpoint(
  accessKeyId: string,
  invoke: InvokeByName,
  queue?: (functionName: string, event: string) => boolean,
): Promise<LoopbackServer> {
  return serveAws(
    [accessKeyId],
    async ({ method, path, headers, body }) => {
      const [, name] = INVOKE.exec(path) ?? [];
      const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
      const isQueued = type === 'Event' && queue !== undefined;
      if (method !== 'POST' || name === undefined || !(isQueued || type === 'RequestResponse')) {
        const message = `Only a synchronous Invoke is imitated, not ${method} ${path} (${type})`;
        throw new ServiceFault('InvalidRequestContentException', message);
      }
      const functionName = decodeURIComponent(name);
      if (isQueued) {
        if (queue(functionName, body)) return ACCEPTED;
        throw notFound(functionName);
      }
      const outcome = await invoke(functionName, body);
      if (outcome === undefined) throw notFound(functionName);
      if (outcome === 'throttled') {
        throw new ServiceFault('TooManyRequestsException', 'Rate Exceeded.', 429);
      }
      return answerOf(outcome);
    },
    ({ type, message }) => ({
      headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
      body: JSON.stringify({ Type: 'User', Message: message }),
    }),
  );
}

const ACCEPTED: ServiceAnswer = { status: 202, headers: {}, body: '' };

function notFound(name: string): ServiceFault {
  return new ServiceFault('ResourceNotFoundException', `Function not found: ${name}`, 404);
}

function answerOf(outcome: Outcome): ServiceAnswer {
  return {
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
      ...(!outcome.ok && { 'x-amz-function-error': 'Unhandled' }),
    },
    body: outcome.ok ? outcome.payload : JSON.stringify(outcome.error),
  };
}
