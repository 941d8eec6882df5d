import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import * as z from 'zod';
import { parseJson } from '../../../lambda/api/json.ts';
import { InputError } from '../../input-error.ts';
import { type LoopbackServer, readBody, serveLoopback } from './http-server.ts';

/** A refusal as an AWS service words it; an SDK client throws it under the name `type`. */
export class ServiceFault extends Error {
  override readonly name = 'ServiceFault';
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/** What the service answers; 200 without a status. */
export interface ServiceAnswer {
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Above every limit of the services for what is sent here: Lambda's synchronous event is the largest. */
const BODY_LIMIT_BYTES = 6_291_456;

/**
 * Serves an AWS service to SDK clients with one of these access keys: any process of the machine can reach the port.
 * `refuse` turns the ServiceFault that `answer` throws, or a missing key, into the service's own form.
 */
export function serveAws(
  accessKeyIds: readonly string[],
  answer: (request: ServiceRequest) => ServiceAnswer | Promise<ServiceAnswer>,
  refuse: (fault: ServiceFault) => ServiceAnswer,
): Promise<LoopbackServer> {
  return serveLoopback(async (request, response) => {
    const {
      status = 200,
      headers,
      body,
    } = await read(request, accessKeyIds)
      .then(answer)
      .catch((error: unknown) => {
        const fault = faultOf(error);
        return { ...refuse(fault), status: fault.status };
      });
    response.writeHead(status, headers);
    response.end(body);
  });
}

/** A file of the state directory that a person has damaged is told as well; other errors are faults of the service. */
function faultOf(error: unknown): ServiceFault {
  if (error instanceof ServiceFault) return error;
  if (error instanceof InputError) {
    return new ServiceFault('InternalServiceError', error.message, 500);
  }
  throw error;
}

/** A request that is signed with one of the access keys; the path is without the query. */
type ServiceRequest = Awaited<ReturnType<typeof read>>;

async function read(request: IncomingMessage, accessKeyIds: readonly string[]) {
  const { method = '', url = '/', headers } = request;
  const accessKeyId = signerOf(headers, accessKeyIds);
  if (accessKeyId === undefined) {
    throw new ServiceFault('UnrecognizedClientException', 'The security token is invalid.', 403);
  }
  const body = await readBody(request, BODY_LIMIT_BYTES);
  if (body === 'too-large') {
    throw new ServiceFault('RequestTooLargeException', 'The request is too large', 413);
  }
  return { accessKeyId, method, path: url.split('?', 1)[0] ?? '', headers, body: body.toString() };
}

/** A new access key: 96 random bits, since its holder may start executions. */
export function newAccessKeyId(): string {
  return `LOCAL${randomBytes(12).toString('hex').toUpperCase()}`;
}

/** Which of the access keys an SDK client signed with, compared in constant time. */
export function signerOf(
  { authorization = '' }: IncomingHttpHeaders,
  accessKeyIds: readonly string[],
): string | undefined {
  const [, given = ''] = /\bCredential=([^/,\s]*)\//.exec(authorization) ?? [];
  const digest = digestOf(given);
  return accessKeyIds.filter((id) => timingSafeEqual(digestOf(id), digest))[0];
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Serves operations, which read their input with `parseInput`, by their `x-amz-target` in the AWS JSON protocol of this version. */
export function serveAwsJson(
  accessKeyIds: readonly string[],
  version: '1.0' | '1.1',
  operations: Readonly<Record<string, (input: unknown, accessKeyId: string) => object>>,
): Promise<LoopbackServer> {
  const json = (value: object): ServiceAnswer => ({
    headers: { 'content-type': `application/x-amz-json-${version}` },
    body: JSON.stringify(value),
  });
  return serveAws(
    accessKeyIds,
    ({ headers, body, accessKeyId }) => {
      const target = String(headers['x-amz-target']);
      const operation = Object.hasOwn(operations, target) ? operations[target] : undefined;
      if (operation) return json(operation(parseJson(body), accessKeyId));
      const known = Object.keys(operations).join(', ');
      throw new ServiceFault('UnknownOperationException', `Only imitated: ${known}; not ${target}`);
    },
    ({ type, message }) => json({ __type: type, message, Message: message }),
  );
}

/** The input in the form that the schema demands. Throws ServiceFault of this type with every complaint. */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, type: string): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ServiceFault(type, z.prettifyError(parsed.error));
}
