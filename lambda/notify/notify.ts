import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import type { EventKind } from '../firing/event-kind.ts';
import {
  type Published,
  serviceEventSchema,
  severalEventsSchema,
} from '../firing/service-event.ts';
import type { Trigger } from '../firing/trigger.ts';
import { log } from '../runtime/log.ts';
import { messageOf } from './message.ts';
import { severalTold } from './several.ts';
import { type Told, toldOf } from './told.ts';

/** Where messages go, and what they say of the service. */
export interface NotifySettings {
  readonly topicArn: string;
  /** The stack's name; each stage has another. */
  readonly service: string;
  /** IANA time zone of the times in messages where a trigger has no schedule. */
  readonly timezone: string;
  /** What people are told of. */
  readonly kinds: readonly EventKind[];
  readonly triggers: Readonly<Record<string, Pick<Trigger, 'schedules'>>>;
  /** The region of the stack's dashboard, where it has one. */
  readonly region?: string;
}

const envelopeSchema = z.object({ detail: z.union([serviceEventSchema, severalEventsSchema]) });

/**
 * Sends the topic the message of one EventBridge event. Rejects when the event is not one of the service, or SNS
 * does not take the message: Lambda then tries again, and at last keeps the event as a dead letter.
 */
export async function notify(
  event: unknown,
  sns: SNSClient,
  settings: NotifySettings,
): Promise<void> {
  const { detail } = envelopeSchema.parse(event);
  const told = toldFrom(detail, settings);
  if (!told) return;
  const { subject, chat, email, sms } = messageOf(told, settings.service);
  const { MessageId } = await sns.send(
    new PublishCommand({
      TopicArn: settings.topicArn,
      Subject: subject,
      MessageStructure: 'json',
      Message: JSON.stringify({ default: JSON.stringify(chat), email, sms }),
      MessageAttributes: attributesOf(detail),
    }),
  );
  log('notification_sent', {
    ...(detail.kind !== 'several' && { trigger: detail.trigger, firing: detail.firing }),
    kind: detail.kind,
    event_id: detail.id,
    message_id: MessageId,
  });
}

function toldFrom(detail: Published, settings: NotifySettings): Told | undefined {
  if (detail.kind === 'several') return severalTold(detail, settings, settings.kinds);
  const schedules = settings.triggers[detail.trigger]?.schedules;
  return toldOf(detail, { ...settings, ...(schedules && { schedules }) });
}

/** What a subscription's filter policy can choose by (SNS, "Message filtering"). */
function attributesOf(detail: Published) {
  const events = detail.kind === 'several' ? detail.events : [detail];
  const list = (values: readonly string[]) => ({
    DataType: 'String.Array',
    StringValue: JSON.stringify([...new Set(values)]),
  });
  return {
    trigger: list(events.map(({ trigger }) => trigger)),
    kind: list(events.map(({ kind }) => kind)),
  };
}
