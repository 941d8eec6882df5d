import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import { EVENT_KINDS } from '../firing/event-kind.ts';
import { type ServiceEvent, serviceEventSchema } from '../firing/service-event.ts';
import type { Trigger } from '../firing/trigger.ts';
import { log } from '../runtime/log.ts';
import { messageOf } from './message.ts';

/** Where messages go, and what they say of the service. */
export interface NotifySettings {
  readonly topicArn: string;
  /** The stack's name; each stage has another. */
  readonly service: string;
  /** IANA time zone of the times in messages where a trigger has no schedule. */
  readonly timezone: string;
  readonly triggers: Readonly<Record<string, Pick<Trigger, 'schedules'>>>;
  /** Where the service runs; absent in the local run, which has no console. */
  readonly region?: string;
}

const envelopeSchema = z.object({ detail: serviceEventSchema });

/**
 * Sends the topic the message of one EventBridge event. Rejects when the event is not one of the service, or SNS
 * does not take the message: Lambda then tries again, and at last keeps the event as a dead letter.
 */
export async function notify(
  event: unknown,
  sns: SNSClient,
  { topicArn, triggers, ...setting }: NotifySettings,
): Promise<void> {
  const { detail } = envelopeSchema.parse(event);
  const schedules = triggers[detail.trigger]?.schedules;
  const { subject, chat, email, sms } = messageOf(detail, {
    ...setting,
    ...(schedules && { schedules }),
  });
  const { MessageId } = await sns.send(
    new PublishCommand({
      TopicArn: topicArn,
      Subject: subject,
      MessageStructure: 'json',
      Message: JSON.stringify({ default: JSON.stringify(chat), email, sms }),
      MessageAttributes: attributesOf(detail),
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

/** What a subscription's filter policy can choose by (SNS, "Message filtering"). */
function attributesOf({ trigger, kind }: ServiceEvent) {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  return { trigger: text(trigger), kind: text(kind), group: text(EVENT_KINDS[kind].group) };
}
