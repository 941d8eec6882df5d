import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { allow } from './allow.ts';
import { secretId } from './deployed-config.ts';

/** The secrets that the triggers file names, each once: created without a value, or imported where it is an ARN. */
export class Secrets extends Construct {
  readonly #stage: string | undefined;
  readonly #arns: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, secrets: readonly string[], stage: string | undefined) {
    super(scope, id);
    this.#stage = stage;
    this.#arns = new Map(
      [...new Set(secrets)].map((secret) => {
        const name = this.createdName(secret);
        return [secret, name === undefined ? secret : this.#create(secret, name)];
      }),
    );
  }

  /** The name with the stage's prefix; undefined for a secret that is imported. */
  createdName(secret: string): string | undefined {
    return secret.startsWith('arn:') ? undefined : secretId(secret, this.#stage);
  }

  /**
   * Allows to read this secret, named as in the triggers file. A statement for each one lets the CDK spread what
   * exceeds a role's 10,240 characters over managed policies.
   */
  grantRead(role: Role, secret: string): void {
    const arn = this.#arns.get(secret);
    if (arn === undefined) throw new Error(`The stack has no secret ${secret}`);
    allow(role, ['secretsmanager:GetSecretValue'], arn);
  }

  /** With neither SecretString nor GenerateSecretString, CloudFormation creates a secret that has no value. */
  #create(secret: string, name: string): string {
    const resource = new CfnSecret(this, secret.replaceAll('/', '|'), {
      name,
      description: 'Read by run-test-trigger. Its value is set by a person and is in no template.',
    });
    resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Validations.of(resource).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'The other side issues the value, so a person has to rotate it on both sides.',
    });
    return resource.ref;
  }
}
