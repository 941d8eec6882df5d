import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { ArnFormat, type Stack } from 'aws-cdk-lib/core';
import { allow } from './allow.ts';
import { secretId } from './deployed-config.ts';

/** Secrets Manager ends the ARN of a secret with a hyphen and six random characters. */
const SUFFIX = '-??????';

/**
 * Who may read which secrets. The stack creates none: `rtt secret set` does. CloudFormation could not create one again
 * that outlived an earlier stack, and cannot import one.
 */
export function secretAccess(stack: Stack, stage: string | undefined, key: IKey | undefined) {
  const arnOf = (secret: string) =>
    secret.startsWith('arn:')
      ? secret
      : stack.formatArn({
          service: 'secretsmanager',
          resource: 'secret',
          resourceName: `${secretId(secret, stage)}${SUFFIX}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        });
  return {
    /**
     * Allows to read this secret, named as in the triggers file. A statement for each one lets the CDK spread what
     * exceeds a role's 10,240 characters over managed policies.
     */
    grantRead: (role: Role, secret: string) => {
      allow(role, ['secretsmanager:GetSecretValue'], arnOf(secret));
      key?.grantDecrypt(role);
    },
    /** The name with the stage's prefix, which a person gives a value; undefined for an ARN. */
    nameOf: (secret: string) => (secret.startsWith('arn:') ? undefined : secretId(secret, stage)),
  };
}

/** Takes names as the triggers file has them, without the stage's prefix, or ARNs. */
export type SecretAccess = ReturnType<typeof secretAccess>;
