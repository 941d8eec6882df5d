import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { parseJson } from '../../../lambda/api/json.ts';
import { parseInput, type ServiceAnswer, serveAws } from '../server/aws-service.ts';

/** A message that SNS took, as its subscribers would get it. */
export interface LocalNotification {
  readonly topicArn: string;
  readonly subject: string;
  /** What each protocol gets; `default` all others. */
  readonly messages: Readonly<Record<string, string>> & { readonly default: string };
}

const NO_DEFAULT = { error: 'No JSON with a default message' };
const messagesSchema = z.object({ default: z.string(NO_DEFAULT) }, NO_DEFAULT).catchall(z.string());
const requestSchema = z.object({
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
});

/** Serves SNS's Publish (AWS query protocol) to clients with the access key; `take` gets each message. */
export function startSns(accessKeyId: string, take: (notification: LocalNotification) => void) {
  return serveAws(
    [accessKeyId],
    ({ body }) => {
      const fields = Object.fromEntries(new URLSearchParams(body));
      const request = parseInput(requestSchema, fields, 'InvalidParameter');
      const { TopicArn: topicArn, Subject: subject, Message: messages } = request;
      take({ topicArn, subject, messages });
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
