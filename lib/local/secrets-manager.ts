import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { isSignedWith } from './access-key.ts';
import { type LoopbackServer, readBody, sendJson, serveLoopback } from './http-server.ts';
import { ACCOUNT, REGION } from './template.ts';

const requestSchema = z.object({ SecretId: z.string().min(1) });
const BODY_LIMIT_BYTES = 65_536;
const TARGET = 'secretsmanager.GetSecretValue';

/**
 * Serves Secrets Manager's GetSecretValue (AWS JSON 1.1). `lookUp` is asked at each request, with the name even
 * where the request has an ARN that no value is stored under; undefined or empty: the secret has no value.
 */
export function startSecretsManager(
  accessKeyId: string,
  lookUp: (secretId: string) => string | undefined,
): Promise<LoopbackServer> {
  return serveLoopback(async (request, response) => {
    if (!isSignedWith(accessKeyId, request)) {
      return fail(response, 'UnrecognizedClientException', 'The security token is invalid.');
    }
    const target = request.headers['x-amz-target'];
    if (request.method !== 'POST' || target !== TARGET) {
      return fail(
        response,
        'UnknownOperationException',
        `Only ${TARGET} is imitated, not ${target}`,
      );
    }
    const parsed = await parseRequest(request);
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

async function parseRequest(request: IncomingMessage) {
  const body = await readBody(request, BODY_LIMIT_BYTES);
  try {
    return requestSchema.safeParse(JSON.parse(body.toString('utf8')));
  } catch {
    return requestSchema.safeParse(undefined);
  }
}

function secretValue(name: string, value: string): object {
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
