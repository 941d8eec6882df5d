import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { ACCOUNT, REGION } from '../assembly/account.ts';
import { type LoopbackServer, readBody, sendJson, serveLoopback } from '../server/http-server.ts';
import { isSignedWith } from './access-key.ts';

const requestSchema = z.object({ SecretId: z.string().min(1) });
const putSchema = requestSchema.extend({ SecretString: z.string().min(1) });
/** Secrets Manager's limit for a value, and room for the request around it. */
const BODY_LIMIT_BYTES = 131_072;
const GET = 'secretsmanager.GetSecretValue';
const PUT = 'secretsmanager.PutSecretValue';

/** Who may set values, and how. */
export interface SecretWriter {
  readonly accessKeyId: string;
  /** Returns why the value cannot be set. */
  put(name: string, value: string): string | undefined;
}

/**
 * Serves Secrets Manager's GetSecretValue (AWS JSON 1.1), and PutSecretValue to the writer. `lookUp` is asked at
 * each request, with the name even where the request has an ARN that no value is stored under; undefined or empty:
 * the secret has no value.
 */
export function startSecretsManager(
  accessKeyId: string,
  lookUp: (secretId: string) => string | undefined,
  writer?: SecretWriter,
): Promise<LoopbackServer> {
  return serveLoopback(async (request, response) => {
    const isWriter = writer !== undefined && isSignedWith(writer.accessKeyId, request);
    if (!isWriter && !isSignedWith(accessKeyId, request)) {
      return fail(response, 'UnrecognizedClientException', 'The security token is invalid.');
    }
    const target = request.method === 'POST' ? request.headers['x-amz-target'] : undefined;
    if (isWriter && target === PUT) return answerPut(request, response, writer);
    if (target !== GET) {
      const message = `Only ${GET} is imitated, not ${request.headers['x-amz-target']}`;
      return fail(response, 'UnknownOperationException', message);
    }
    const parsed = await parseRequest(request, requestSchema);
    if (!parsed.success) {
      return fail(response, 'InvalidParameterException', z.prettifyError(parsed.error));
    }
    const { SecretId: id } = parsed.data;
    const value = tryLookUp(id) || tryLookUp(nameOf(id));
    if (value instanceof Error) {
      return fail(response, 'InternalServiceError', value.message, 500);
    }
    if (!value) {
      return fail(
        response,
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      );
    }
    sendJson(response, 200, secretValue(nameOf(id), value), CONTENT_TYPE);
  });

  function tryLookUp(id: string): string | undefined | Error {
    try {
      return lookUp(id);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}

const CONTENT_TYPE = { 'content-type': 'application/x-amz-json-1.1' };

async function answerPut(
  request: IncomingMessage,
  response: ServerResponse,
  writer: SecretWriter,
): Promise<void> {
  const parsed = await parseRequest(request, putSchema);
  if (!parsed.success) {
    return fail(response, 'InvalidParameterException', z.prettifyError(parsed.error));
  }
  const name = nameOf(parsed.data.SecretId);
  const fault = writer.put(name, parsed.data.SecretString);
  if (fault !== undefined) return fail(response, 'ResourceNotFoundException', fault);
  const { SecretString: _, ...described } = secretValue(name, '');
  sendJson(response, 200, described, CONTENT_TYPE);
}

async function parseRequest<T>(request: IncomingMessage, schema: z.ZodType<T>) {
  const body = await readBody(request, BODY_LIMIT_BYTES);
  try {
    return schema.safeParse(JSON.parse(body.toString('utf8')));
  } catch {
    return schema.safeParse(undefined);
  }
}

function secretValue(name: string, value: string) {
  return {
    ARN: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-local0`,
    Name: name,
    SecretString: value,
    VersionId: randomUUID(),
    VersionStages: ['AWSCURRENT'],
  };
}

/** A full ARN ends in the name, a hyphen and six random characters. */
function nameOf(secretId: string): string {
  const [, name] = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)-\w{6}$/.exec(secretId) ?? [];
  return name ?? secretId;
}

function fail(response: ServerResponse, type: string, message: string, status = 400): void {
  sendJson(response, status, { __type: type, Message: message, message }, CONTENT_TYPE);
}
