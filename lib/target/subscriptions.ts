import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import type { Target } from './target.ts';
import { withClient } from './with-client.ts';

/** Endpoints of the topic that have not confirmed; none where the target has no topic, as a local run. */
export async function unconfirmedSubscriptions(target: Target): Promise<string[]> {
  const { topic: TopicArn } = target;
  if (TopicArn === undefined) return [];
  const pages = await withClient(new SNSClient(target.client('sns')), (client) =>
    Array.fromAsync(paginateListSubscriptionsByTopic({ client }, { TopicArn })),
  );
  return pages
    .flatMap(({ Subscriptions = [] }) => Subscriptions)
    .filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation')
    .map(({ Endpoint = '' }) => Endpoint);
}
