import { verify as isSignature } from 'node:crypto';
import * as z from 'zod/mini';
import { parseJson } from '../api/json.ts';
import { HANDSHAKE_OVER } from './answer.ts';
import type { SnsSite } from './sns-site.ts';
import {
  decoded,
  refused,
  type SignedRequest,
  staleness,
  TOLERANCE_S,
  type Verification,
} from './verification.ts';

/** Without a line break, what is signed can be divided into its fields in one way only. */
const line = z.string().check(z.regex(/^[^\n]*$/));

const messageSchema = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: line,
  TopicArn: line,
  Message: z.string(),
  Timestamp: line,
  Subject: z.optional(line),
  Token: z.optional(line),
  SubscribeURL: z.optional(line),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
});
type Message = z.infer<typeof messageSchema>;

/** A delivery policy can have SNS repeat a message for an hour, always with the time when it was published. */
const REPEATED_S = 3_600;

/**
 * Verifies a message of Amazon SNS ("Verifying the signatures of Amazon SNS messages"). Amazon signs for every topic of
 * every account with the same key, so the topic, which is signed, is what tells the sender. Everything that can be
 * checked without a request to Amazon is checked before. Rejects when Amazon's certificate cannot be read at the moment.
 */
export async function verifySns(
  { headers, body }: SignedRequest,
  topic: string,
  now: Date,
  { signingKey }: Pick<SnsSite, 'signingKey'>,
): Promise<Verification> {
  if (headers['x-amz-sns-rawdelivery'] === 'true') return refused(RAW);
  const { data: message } = messageSchema.safeParse(parseJson(body.toString()));
  if (!message) return refused('the body is not a message of SNS');
  if (message.TopicArn !== topic) return refused('the message is of another topic');
  const stale = staleness(message.Timestamp, 'Timestamp', now, 'iso', REPEATED_S + TOLERANCE_S);
  if (stale !== undefined) return refused(stale);
  const certificate = addressAt(message.SigningCertURL, topic);
  if (!certificate || !CERTIFICATE.test(certificate.pathname + certificate.search)) {
    return refused('SigningCertURL is not the address of a certificate of Amazon SNS');
  }
  const signature = decoded(message.Signature, 'base64');
  if (!signature) return refused('Signature is not base64');
  const key = await signingKey(certificate);
  if (!key) return refused('SigningCertURL holds no certificate');
  const algorithm = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
  if (!isSignature(algorithm, Buffer.from(signedText(message)), key, signature)) {
    return refused('the signature does not match');
  }
  return verified(message, topic);
}

const RAW = 'SNS does not sign with raw message delivery: switch it off for this subscription';
const CERTIFICATE = /^\/SimpleNotificationService-\w+\.pem$/;

function verified(message: Message, topic: string): Verification {
  const { Type, MessageId: deliveryId, Message: text, SubscribeURL = '' } = message;
  switch (Type) {
    case 'Notification':
      return { kind: 'verified', deliveryId, content: parseJson(text) ?? text };
    case 'UnsubscribeConfirmation':
      return { kind: 'verified', deliveryId, handshake: HANDSHAKE_OVER };
    case 'SubscriptionConfirmation': {
      const confirmAt = addressAt(SubscribeURL, topic);
      if (confirmAt?.searchParams.get('Action') === 'ConfirmSubscription') {
        return { kind: 'verified', deliveryId, confirmAt };
      }
      return refused('SubscribeURL does not confirm a subscription at Amazon SNS');
    }
  }
}

/** An address on the server of SNS in the topic's region; undefined for every other one. */
function addressAt(text: string, topic: string): URL | undefined {
  const [, partition, , region] = topic.split(':');
  const origin = `https://sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
  const url = URL.parse(text);
  return url?.origin === origin && !url.username && !url.password ? url : undefined;
}

/** The fields in the order of their names, each name and value on a line of its own. */
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
} as const;

function signedText(message: Message): string {
  const names =
    SIGNED[message.Type === 'Notification' ? 'Notification' : 'SubscriptionConfirmation'];
  return names
    .map((name) => {
      const value = message[name];
      return value === undefined ? '' : `${name}\n${value}\n`;
    })
    .join('');
}
