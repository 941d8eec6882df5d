import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { allow } from './allow.ts';

/**
 * Where every message for people goes: those of the events, and those of the alarms. Subscribed are the addresses of
 * the triggers file; chat channels are connected by hand (docs/events.md).
 */
export class NotificationTopic extends Construct {
  readonly arn: string;
  readonly #key: Key;

  constructor(scope: Construct, id: string, emails: readonly string[]) {
    super(scope, id);
    // CloudWatch may not use the key that SNS manages (AWS knowledge center, "CloudWatch alarms and SNS encryption").
    this.#key = new Key(this, 'Key', {
      description: 'Encrypts the messages of run-test-trigger for people',
      enableKeyRotation: true,
      // Nothing lasting is encrypted with it, and a forgotten key costs a dollar a month.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'], // In a key's own policy, this means the key.
      }),
    );
    const topic = new Topic(this, 'Topic', {
      displayName: Stack.of(this).stackName,
      masterKey: this.#key,
      enforceSSL: true,
    });
    this.arn = topic.topicArn;
    topic.addToResourcePolicy(alarmsOf(Stack.of(this), topic));
    for (const endpoint of emails) {
      new Subscription(this, endpoint, { topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
    }
  }

  grantPublish(role: Role): void {
    allow(role, ['sns:Publish'], this.arn);
    allow(role, ['kms:Decrypt', 'kms:GenerateDataKey'], this.#key.keyArn);
  }
}

/** Lets the alarms of this stack publish; everybody else needs a policy of their own. */
function alarmsOf(stack: Stack, topic: Topic): PolicyStatement {
  return new PolicyStatement({
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    actions: ['sns:Publish'],
    resources: [topic.topicArn],
    conditions: {
      ArnLike: {
        'aws:SourceArn': stack.formatArn({
          service: 'cloudwatch',
          resource: 'alarm',
          resourceName: `${stack.stackName}-*`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      },
    },
  });
}
