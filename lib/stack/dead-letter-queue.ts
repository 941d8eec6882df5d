import type { Role } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { allow } from './allow.ts';
import { serviceSettings } from './service-settings.ts';

/** SQS keeps a message no longer than this. */
const RETENTION = Duration.days(14);

/** Where events end that were given up, for a person to redrive. If its service does not say otherwise, only a creation that is rolled back removes it. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      retentionPeriod: RETENTION,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy:
        serviceSettings(scope).removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is itself the dead-letter queue of a service that writes to it directly.',
    });
  }

  grantDeadLetters(role: Role): void {
    allow(role, ['sqs:SendMessage'], this.queueArn);
  }
}
