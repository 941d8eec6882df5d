import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { ACCOUNT, REGION } from '../assembly/account.ts';
import { parseInput, ServiceFault, serveAwsJson } from '../server/aws-service.ts';
import type { LoopbackServer } from '../server/http-server.ts';

const getSchema = z.object({ SecretId: z.string().min(1) });
const putSchema = getSchema.extend({ SecretString: z.string().min(1) });

/** Who may set values, and how. */
export interface SecretWriter {
  readonly accessKeyId: string;
  /** Returns why the value cannot be set. */
  put(name: string, value: string): string | undefined;
}

/**
 * Serves Secrets Manager's GetSecretValue, and PutSecretValue to the writer. `lookUp` is asked at each request, with
 * the name even where the request has an ARN that no value is stored under; undefined or empty: the secret has no
 * value.
 */
export function startSecretsManager(
  accessKeyId: string,
  lookUp: (secretId: string) => string | undefined,
  writer?: SecretWriter,
): Promise<LoopbackServer> {
  return serveAwsJson([accessKeyId, ...(writer ? [writer.accessKeyId] : [])], '1.1', {
    'secretsmanager.GetSecretValue'(input) {
      const { SecretId: id } = parseInput(getSchema, input, 'InvalidParameterException');
      const name = nameOf(id);
      const value = lookUp(id) || lookUp(name);
      if (value) return { ...describe(name), SecretString: value };
      throw new ServiceFault(
        'ResourceNotFoundException',
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      );
    },
    'secretsmanager.PutSecretValue'(input, caller) {
      if (!writer || caller !== writer.accessKeyId) {
        throw new ServiceFault('AccessDeniedException', 'A function cannot set a secret');
      }
      const { SecretId, SecretString } = parseInput(putSchema, input, 'InvalidParameterException');
      const name = nameOf(SecretId);
      const refusal = writer.put(name, SecretString);
      if (refusal !== undefined) throw new ServiceFault('ResourceNotFoundException', refusal);
      return describe(name);
    },
  });
}

function describe(name: string): object {
  return {
    ARN: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-local0`,
    Name: name,
    VersionId: randomUUID(),
    VersionStages: ['AWSCURRENT'],
  };
}

/** A full ARN ends in the name, a hyphen and six random characters. */
function nameOf(secretId: string): string {
  const [, name] = /^arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:(.+)-\w{6}$/.exec(secretId) ?? [];
  return name ?? secretId;
}
