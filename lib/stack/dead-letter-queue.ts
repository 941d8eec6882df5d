import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { TriggerEntry } from '../config/schema.ts';
import { allow } from './allow.ts';
import { serviceSettings } from './service-settings.ts';

/** SQS keeps a message no longer than this. */
const RETENTION = Duration.days(14);

/**
 * Where events end that were given up, for a person to redrive. If its service does not say otherwise, only a
 * creation that is rolled back removes it.
 */
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

  /** Lets these EventBridge rules invoke a function, and keep here what it does not take. The ARNs may have wildcards. */
  serveRules(
    target: IFunction,
    rules: readonly { readonly id: string; readonly arn: string }[],
  ): void {
    const principal = new ServicePrincipal('events.amazonaws.com');
    for (const { id, arn } of rules) target.addPermission(id, { principal, sourceArn: arn });
    const arns = rules.map(({ arn }) => arn);
    const areNames = arns.some((arn) => arn.includes('*'));
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [principal],
        actions: ['sqs:SendMessage'],
        resources: [this.queueArn],
        conditions: { [areNames ? 'ArnLike' : 'ArnEquals']: { 'aws:SourceArn': arns } },
      }),
    );
  }
}

/**
 * How often EventBridge and its Scheduler repeat an invocation that Lambda did not take: their maximum, with exponential
 * backoff. What ends the repetitions is the event's age: the trigger's start deadline, after which nothing starts.
 */
const RETRIES = 185;

/** How long a schedule or rule of a trigger repeats an invocation, and the queue to which the event is then given up. */
export function givenUpTo(
  { queueArn }: DeadLetterQueue,
  { startDeadlineMinutes }: Pick<TriggerEntry, 'startDeadlineMinutes'>,
) {
  return {
    retryPolicy: {
      maximumRetryAttempts: RETRIES,
      maximumEventAgeInSeconds: startDeadlineMinutes * 60,
    },
    deadLetterConfig: { arn: queueArn },
  };
}
