import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { parseJson } from '../../../lambda/api/json.ts';
import type { Clock } from '../../clock.ts';
import { appendJsonLine } from '../files/state-file.ts';
import { parseInput, type ServiceAnswer, serveAws } from '../server/aws-service.ts';
import { type EventEnvelope, startEventBridge } from './event-bridge.ts';
import type { LocalKeys } from './local-services.ts';

interface MessagingOptions {
  readonly stateDirectory: string;
  /** Names of the stack's event buses, asked at each request. */
  buses(): readonly string[];
  /** Gets each event, in the file already, with its bus. */
  deliver(bus: string, event: EventEnvelope): void;
  readonly clock: Clock;
  /** Gets the text that people would get by e-mail. */
  notice(text: string): void;
}

/**
 * Starts EventBridge and SNS for the functions; the command line may put events, too. Events and messages are kept in a file
 * each, one JSON object a line.
 */
export async function startMessaging(
  { functions, operator }: LocalKeys,
  { stateDirectory, buses, deliver, clock, notice }: MessagingOptions,
) {
  const eventsFile = join(stateDirectory, 'events.jsonl');
  const notificationsFile = join(stateDirectory, 'notifications.jsonl');
  const keep = (bus: string, event: EventEnvelope) => {
    appendJsonLine(eventsFile, event);
    deliver(bus, event);
  };
  const eventBridge = await startEventBridge([functions, operator], buses, clock.now, keep);
  const sns = await startSns(functions, (notification) => {
    appendJsonLine(notificationsFile, { time: clock.now().toISOString(), ...notification });
    const { default: others, email = others } = notification.messages;
    const text = email.trimEnd().replaceAll(/^(?=.)/gm, '  ');
    notice(`MESSAGE ${notification.subject}\n${text}\n`);
  });
  return {
    eventBridge,
    sns,
    eventsFile,
    notificationsFile,
    async stop() {
      await Promise.all([eventBridge.stop(), sns.stop()]);
    },
  };
}

const NO_DEFAULT = { error: 'No JSON with a default message' };
/** What each protocol gets; `default` all others. */
const messagesSchema = z.object({ default: z.string(NO_DEFAULT) }, NO_DEFAULT).catchall(z.string());
const requestSchema = z
  .object({
    Action: z.literal('Publish', { error: 'Only Publish is imitated' }),
    TopicArn: z.string(),
    Subject: z
      .string()
      .regex(/^[\x21-\x7e][\x20-\x7e]{0,98}$/, 'must be ASCII without line breaks, less than 100')
      .default(''),
    MessageStructure: z.literal('json'),
    Message: z
      .string()
      .transform((text) => parseJson(text))
      .pipe(messagesSchema),
  })
  .transform(({ TopicArn: topicArn, Subject: subject, Message: messages }) => {
    return { topicArn, subject, messages };
  });

/** Serves SNS's Publish (AWS query protocol) to clients with the access key; `take` gets each message. */
function startSns(accessKeyId: string, take: (message: z.infer<typeof requestSchema>) => void) {
  return serveAws(
    [accessKeyId],
    ({ body }) => {
      const fields = Object.fromEntries(new URLSearchParams(body));
      take(parseInput(requestSchema, fields, 'InvalidParameter'));
      return xml(
        `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${randomUUID()}</MessageId></PublishResult></PublishResponse>`,
      );
    },
    ({ type, message }) => {
      const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      return xml(
        `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${type}</Code><Message>${text}</Message></Error></ErrorResponse>`,
      );
    },
  );
}

function xml(body: string): ServiceAnswer {
  return { headers: { 'content-type': 'text/xml' }, body };
}
