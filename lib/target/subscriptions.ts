import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import type { Target } from './target.ts';

/** Endpoints of the topic that have not confirmed; none where the target has no topic, as a local run. */
export async function unconfirmedSubscriptions(target: Target): Promise<string[]> {
  const { topic: TopicArn } = target;
  if (TopicArn === undefined) return [];
  const client = new SNSClient(target.client('sns'));
  try {
    const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn });
    const subscriptions = (await Array.fromAsync(pages)).flatMap(
      (page) => page.Subscriptions ?? [],
    );
    return subscriptions.flatMap(({ SubscriptionArn, Endpoint = '' }) =>
      SubscriptionArn === 'PendingConfirmation' ? [Endpoint] : [],
    );
  } finally {
    client.destroy();
  }
}
