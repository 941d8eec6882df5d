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
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, emails: readonly string[]) {
    super(scope, id);
    // CloudWatch may not use the key that SNS manages (AWS knowledge center, "CloudWatch alarms and SNS encryption").
    this.#key = new Key(this, 'Key', {
      description: 'Encrypts the messages of run-test-trigger for people',
      enableKeyRotation: true,
      // Nothing lasting is encrypted with it, and a forgotten key costs a dollar a month.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const topic = new Topic(this, 'Topic', {
      displayName: Stack.of(this).stackName,
      masterKey: this.#key,
      enforceSSL: true,
    });
    this.arn = topic.topicArn;
    this.#topic = topic;
    for (const endpoint of emails) {
      new Subscription(this, endpoint, { topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
    }
  }

  grantPublish(role: Role): void {
    allow(role, ['sns:Publish'], this.arn);
    allow(role, ['kms:Decrypt', 'kms:GenerateDataKey'], this.#key.keyArn);
  }

  /** Lets these alarms of the stack publish. Their ARNs are written out: another stage's names may begin alike. */
  grantPublishToAlarms(names: readonly string[]): void {
    const stack = Stack.of(this);
    const alarm = (resourceName: string) =>
      stack.formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    const asAlarm = {
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      conditions: {
        StringEquals: { 'aws:SourceAccount': stack.account },
        ArnEquals: { 'aws:SourceArn': names.map(alarm) },
      },
    };
    this.#topic.addToResourcePolicy(
      new PolicyStatement({ ...asAlarm, actions: ['sns:Publish'], resources: [this.arn] }),
    );
    this.#key.addToResourcePolicy(
      new PolicyStatement({
        ...asAlarm,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'], // In a key's own policy, this means the key.
      }),
    );
  }
}
