import * as z from 'zod/mini';
import { EVENT_KINDS } from '../firing/event-kind.ts';
import {
  type Published,
  serviceEventSchema,
  severalEventsSchema,
  summaryEventSchema,
} from '../firing/service-event.ts';
import { log } from '../runtime/log.ts';
import { type Message, requestsOf } from './channels.ts';
import { setCommitStatus } from './commit-status.ts';
import { post } from './post.ts';
import { routed } from './routes.ts';
import type { NotifyContext, NotifySettings } from './settings.ts';
import { severalTold } from './several.ts';
import { summaryTold } from './summary.ts';
import { type ChannelTest, testChannels } from './test-channel.ts';
import { type Told, toldOf } from './told.ts';
import { publish } from './topic.ts';

const envelopeSchema = z.object({
  detail: z.union([serviceEventSchema, severalEventsSchema, summaryEventSchema]),
});
/** What the rule for commit statuses sends. */
const ofCommitSchema = z.object({
  to: z.literal('commit'),
  event: z.object({ detail: serviceEventSchema }),
});
/** What a person's `rtt notify --test` sends. */
const testSchema = z.object({ test: z.array(z.string()) });
/** What the rule of a channel sends, and that of the topic. */
const inputSchema = z.union([
  z.object({ channel: z.string(), event: envelopeSchema }),
  z.pipe(
    envelopeSchema,
    z.transform((event) => ({ channel: undefined, event })),
  ),
]);

const ofOneSchema = z.object({ trigger: z.string() });
const namedSchema = z.union([ofOneSchema, z.object({ events: z.array(ofOneSchema) })]);
const detailSchema = z.object({ detail: namedSchema });

/** The triggers that an input is about: those of its event. */
export function triggersIn(input: unknown): string[] {
  const parsed = z.safeParse(z.union([detailSchema, z.object({ event: detailSchema })]), input);
  if (!parsed.success) return [];
  const { detail } = 'event' in parsed.data ? parsed.data.event : parsed.data;
  return 'events' in detail ? detail.events.map(({ trigger }) => trigger) : [detail.trigger];
}

/** Handles what the function is invoked with: an event of one of its rules, or a person's test. */
export async function notifyOrTest(
  input: unknown,
  context: NotifyContext,
  settings: NotifySettings,
): Promise<ChannelTest[] | undefined> {
  const ofCommit = ofCommitSchema.safeParse(input);
  if (ofCommit.success) {
    await setCommitStatus(ofCommit.data.event.detail, context, settings);
    return undefined;
  }
  const test = testSchema.safeParse(input);
  if (test.success) return testChannels(test.data.test, context, settings);
  await notify(input, context, settings);
  return undefined;
}

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
      ? await publish(told, attributesOf(detail), sns, settings)
      : await send(channel, { detail, told, service }, settings, { readSecret, now });
  log('notification_sent', {
    ...('firing' in detail && { trigger: detail.trigger, firing: detail.firing }),
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
  const requests = requestsOf(channel, await readSecret(channel.secret), message, now());
  for (const request of requests) await post(name, channel.secret, request);
}

function toldFrom(detail: Published, settings: NotifySettings): Told | undefined {
  if (detail.kind === 'several') return severalTold(detail, settings);
  if (detail.kind === 'summary') return summaryTold(detail, settings);
  return toldOf(detail, { ...settings, schedules: settings.triggers[detail.trigger]?.schedules });
}

function attributesOf(detail: Published) {
  if (detail.kind === 'summary') return { trigger: [], kind: ['summary'], severity: ['info'] };
  const events = detail.kind === 'several' ? detail.events : [detail];
  return {
    trigger: events.map(({ trigger }) => trigger),
    kind: events.map(({ kind }) => kind),
    severity: events.map(({ kind }) => EVENT_KINDS[kind].severity),
  };
}
