import { createHmac } from 'node:crypto';
import type { HmacScheme, Webhook } from '../../lambda/firing/trigger.ts';
import { secretEntries } from '../../lambda/webhook/verification.ts';

/** What is delivered. The id is the same when a delivery is repeated. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
  readonly now: Date;
}

/**
 * The headers with which a webhook's sender proves a delivery, good for five minutes where they have a time. `secret`
 * is the secret's text as `checkSecret` takes it: with two keys, the first one signs.
 */
export function signedHeaders(
  webhook: Webhook,
  secret: string,
  delivery: Delivery,
): Record<string, string> {
  const [key = ''] = secretEntries(secret);
  const { id, body } = delivery;
  switch (webhook.verify) {
    case 'standard-webhooks':
      return standardHeaders(key, delivery);
    case 'github': {
      const signature = createHmac('sha256', key).update(body).digest('hex');
      return { 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${signature}` };
    }
    case 'gitlab':
      return key.startsWith('whsec_')
        ? standardHeaders(key, delivery)
        : { 'x-gitlab-token': key, 'idempotency-key': id };
    case 'hmac':
      return hmacHeaders(webhook, key, delivery);
    case 'bearer':
      return { authorization: `Bearer ${key}`, 'idempotency-key': id };
  }
}

function standardHeaders(key: string, { id, body, now }: Delivery): Record<string, string> {
  const time = secondsOf(now);
  const bytes = Buffer.from(key.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', bytes).update(`${id}.${time}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${signature}`,
  };
}

function hmacHeaders(
  { signature, timestamp, signed, idHeader }: HmacScheme,
  key: string,
  { id, body, now }: Delivery,
): Record<string, string> {
  const time = secondsOf(now);
  const head = signed.replace('{body}', '').replaceAll('{timestamp}', time);
  const digest = createHmac(signature.algorithm, key)
    .update(head + body)
    .digest(signature.encoding);
  const proof = signature.prefix + digest;
  const isJoined = timestamp?.header === signature.header;
  return {
    ...(timestamp && { [timestamp.header]: timestamp.prefix + time }),
    [signature.header]: isJoined ? `${timestamp.prefix}${time},${proof}` : proof,
    ...(idHeader !== undefined && { [idHeader]: id }),
  };
}

function secondsOf(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}
