import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  type ITopic,
  Subscription,
  SubscriptionFilter,
  SubscriptionProtocol,
  Topic,
} from 'aws-cdk-lib/aws-sns';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { TEST } from '../../lambda/notify/routes.ts';
import type { TriggersFile } from '../config/schema.ts';
import { allow } from './allow.ts';
import { serviceName } from './service-settings.ts';

/** Those that get the messages of some triggers only, each with the triggers' names. */
export function addressesOfTriggers(triggers: TriggersFile['triggers']): Map<string, string[]> {
  const places = Object.entries(triggers).flatMap(([name, { notify }]) =>
    (notify?.email ?? []).map((address) => ({ address, name })),
  );
  const groups = Map.groupBy(places, ({ address }) => address);
  return new Map([...groups].map(([address, own]) => [address, own.map(({ name }) => name)]));
}

/**
 * Where every message for people goes: those of the events, and those of the alarms. Subscribed are the addresses of
 * the triggers file; chat channels are connected by hand (docs/events.md).
 */
export class NotificationTopic extends Construct {
  readonly #keyArn: string | undefined;
  readonly topic: ITopic;

  constructor(
    scope: Construct,
    id: string,
    {
      notify: { email: emails, encryptionKey },
      triggers,
    }: Pick<TriggersFile, 'notify' | 'triggers'>,
    existing?: ITopic,
  ) {
    super(scope, id);
    this.#keyArn = encryptionKey;
    // Without a key of the account, messages are not encrypted at rest: CloudWatch may not use the one that SNS manages
    // (AWS knowledge center, "CloudWatch alarms and SNS encryption"), and a key costs a dollar a month.
    const topic =
      existing ??
      new Topic(this, 'Topic', {
        displayName: serviceName(this),
        ...(encryptionKey !== undefined && {
          masterKey: Key.fromKeyArn(this, 'Key', encryptionKey),
        }),
        enforceSSL: true,
      });
    this.topic = topic;
    for (const endpoint of emails) {
      new Subscription(this, endpoint, { topic, protocol: SubscriptionProtocol.EMAIL, endpoint });
    }
    for (const [endpoint, names] of addressesOfTriggers(triggers)) {
      const trigger = SubscriptionFilter.stringFilter({ allowlist: [...names, TEST] });
      const protocol = SubscriptionProtocol.EMAIL;
      new Subscription(this, endpoint, { topic, protocol, endpoint, filterPolicy: { trigger } });
    }
  }

  grantPublish(role: Role): void {
    allow(role, ['sns:Publish'], this.topic.topicArn);
    if (this.#keyArn !== undefined) {
      allow(role, ['kms:Decrypt', 'kms:GenerateDataKey'], this.#keyArn);
    }
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
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnEquals: { 'aws:SourceArn': names.map(alarm) },
        },
      }),
    );
  }
}
