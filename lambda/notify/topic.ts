import { messageOf } from './message.ts';
import type { NotifyContext, NotifySettings } from './settings.ts';
import type { Told } from './told.ts';

/**
 * Publishes what is told on the topic, and returns SNS's id of the message.
 * @param attributes what a subscription's filter policy can choose by (SNS, "Message filtering").
 */
export async function publish(
  told: Told,
  attributes: Readonly<Record<'kind' | 'severity' | 'trigger', readonly string[]>>,
  sns: NotifyContext['sns'],
  { service, topicArn }: Pick<NotifySettings, 'service' | 'topicArn'>,
): Promise<string | undefined> {
  const { subject, chat, email, sms } = messageOf(told, service);
  const { MessageId } = await sns.publish({
    TopicArn: topicArn,
    Subject: subject,
    MessageStructure: 'json',
    Message: JSON.stringify({ default: JSON.stringify(chat), email, sms }),
    MessageAttributes: attributesOf(attributes),
  });
  return MessageId;
}

/** SNS takes no empty list. */
function attributesOf(lists: Readonly<Record<string, readonly string[]>>) {
  const present = Object.entries(lists).filter(([, values]) => values.length > 0);
  return Object.fromEntries(
    present.map(([name, values]) => [
      name,
      { DataType: 'String.Array', StringValue: JSON.stringify([...new Set(values)]) },
    ]),
  );
}
