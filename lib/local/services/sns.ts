import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import { type LoopbackServer, readBody, serveLoopback } from '../server/http-server.ts';
import { isSignedWith } from './access-key.ts';

/** A message that SNS took, as its subscribers would get it. */
export interface LocalNotification {
  readonly topicArn: string;
  readonly subject: string;
  /** What each protocol gets; `default` all others. */
  readonly messages: Readonly<Record<string, string>> & { readonly default: string };
}

/** SNS's limit for a message. */
const BODY_LIMIT_BYTES = 1_048_576;

const messagesSchema = z.object({ default: z.string() }).catchall(z.string());
const requestSchema = z.object({
  Action: z.literal('Publish', { error: 'Only Publish is imitated' }),
  TopicArn: z.string(),
  Subject: z
    .string()
    .regex(/^[\x21-\x7e][\x20-\x7e]{0,98}$/, 'must be ASCII without line breaks, less than 100')
    .default(''),
  MessageStructure: z.literal('json'),
  Message: z.string().transform((text, { issues, value }) => {
    try {
      return messagesSchema.parse(JSON.parse(text));
    } catch {
      issues.push({ code: 'custom', input: value, message: 'No JSON with a default message' });
      return z.NEVER;
    }
  }),
});

/** Serves SNS's Publish (AWS query protocol) to clients with the access key; `take` gets each message. */
export function startSns(
  accessKeyId: string,
  take: (notification: LocalNotification) => void,
): Promise<LoopbackServer> {
  return serveLoopback(async (request, response) => {
    if (!isSignedWith(accessKeyId, request)) {
      return fail(response, 403, 'InvalidClientTokenId', 'The security token is invalid.');
    }
    const body = await readBody(request, BODY_LIMIT_BYTES);
    const parsed = requestSchema.safeParse(
      Object.fromEntries(new URLSearchParams(body.toString())),
    );
    if (!parsed.success) {
      return fail(response, 400, 'InvalidParameter', z.prettifyError(parsed.error));
    }
    const { TopicArn: topicArn, Subject: subject, Message: messages } = parsed.data;
    take({ topicArn, subject, messages });
    const id = randomUUID();
    sendXml(
      response,
      200,
      `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>${id}</MessageId></PublishResult></PublishResponse>`,
    );
  });
}

function fail(response: ServerResponse, status: number, code: string, message: string): void {
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  sendXml(
    response,
    status,
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${text}</Message></Error></ErrorResponse>`,
  );
}

function sendXml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(body);
}
