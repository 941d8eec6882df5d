import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import { serviceEventSchema } from '../firing/service-event.ts';
import { log } from '../runtime/log.ts';
import { messageOf } from './message.ts';

/** Where messages go, and what they say of the service. */
export interface NotifySettings {
  readonly topicArn: string;
  /** The stack's name; each stage has another. */
  readonly service: string;
  /** IANA time zone of the times in messages, beside UTC. */
  readonly timezone: string;
}

const envelopeSchema = z.object({ detail: serviceEventSchema });

/**
 * Sends the topic the message of one EventBridge event. Rejects when the event is not one of the service, or SNS
 * does not take the message: Lambda then tries again, and at last keeps the event as a dead letter.
 */
export async function notify(
  event: unknown,
  sns: SNSClient,
  { topicArn, service, timezone }: NotifySettings,
): Promise<void> {
  const { detail } = envelopeSchema.parse(event);
  const { subject, chat, email, sms } = messageOf(detail, service, timezone);
  const { MessageId } = await sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      MessageStructure: 'json',
      Message: JSON.stringify({ default: JSON.stringify(chat), email, sms }),
    }),
  );
  log('notification_sent', {
    trigger: detail.trigger,
    firing: detail.firing,
    kind: detail.kind,
    event_id: detail.id,
    message_id: MessageId,
  });
}
