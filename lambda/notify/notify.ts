import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import {
  type Published,
  serviceEventSchema,
  severalEventsSchema,
} from '../firing/service-event.ts';
import type { Trigger } from '../firing/trigger.ts';
import { log } from '../runtime/log.ts';
import type { ReadSecret } from '../runtime/secrets.ts';
import { type Message, requestOf } from './channels.ts';
import { messageOf } from './message.ts';
import { post } from './post.ts';
import { type Routes, routed } from './routes.ts';
import { severalTold } from './several.ts';
import { type Told, toldOf } from './told.ts';

/** Where messages go, and what they say of the service. */
export interface NotifySettings extends Routes {
  readonly topicArn: string;
  /** The stack's name; each stage has another. */
  readonly service: string;
  /** IANA time zone of the times in messages where a trigger has no schedule. */
  readonly timezone: string;
  readonly triggers: Readonly<Record<string, Pick<Trigger, 'schedules'>>>;
  /** The region of the stack's dashboard, where it has one. */
  readonly region?: string;
}

/** What sending needs. */
export interface NotifyContext {
  readonly sns: Pick<SNSClient, 'send'>;
  readonly readSecret: ReadSecret;
  readonly now: () => Date;
}

const envelopeSchema = z.object({ detail: z.union([serviceEventSchema, severalEventsSchema]) });
/** What the rule of a channel sends, and that of the topic. */
const inputSchema = z.union([
  z.object({ channel: z.string(), event: envelopeSchema }),
  z.pipe(
    envelopeSchema,
    z.transform((event) => ({ channel: undefined, event })),
  ),
]);

/**
 * Sends the topic, or a channel, the message of one EventBridge event. Rejects when the event is not one of the service,
 * or the message is not taken: Lambda then tries again, and at last keeps the event as a dead letter.
 */
export async function notify(
  input: unknown,
  { sns, readSecret, now }: NotifyContext,
  settings: NotifySettings,
): Promise<void> {
  const { channel, event } = inputSchema.parse(input);
  const detail = routed(event.detail, channel, settings, now());
  const told = detail && toldFrom(detail, settings);
  if (!detail || !told) return;
  const { service } = settings;
  const messageId =
    channel === undefined
      ? await publish(detail, told, sns, settings)
      : await send(channel, { detail, told, service }, settings, { readSecret, now });
  log('notification_sent', {
    ...(detail.kind !== 'several' && { trigger: detail.trigger, firing: detail.firing }),
    kind: detail.kind,
    event_id: detail.id,
    channel,
    message_id: messageId,
  });
}

async function send(
  name: string,
  message: Message,
  { channels = {} }: NotifySettings,
  { readSecret, now }: Pick<NotifyContext, 'readSecret' | 'now'>,
): Promise<undefined> {
  const channel = channels[name];
  if (!channel) throw new Error(`There is no channel ${name} in this deployment`);
  const request = requestOf(channel, await readSecret(channel.secret), message, now());
  if (request) await post(name, channel.secret, request);
}

async function publish(
  detail: Published,
  told: Told,
  sns: Pick<SNSClient, 'send'>,
  settings: NotifySettings,
): Promise<string | undefined> {
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
  return MessageId;
}

function toldFrom(detail: Published, settings: NotifySettings): Told | undefined {
  if (detail.kind === 'several') return severalTold(detail, settings);
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
