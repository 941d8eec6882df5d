import { createHmac } from 'node:crypto';
import type { HmacScheme, SecretWebhook, TokenScheme } from '../../lambda/firing/trigger.ts';
import { secretEntries } from '../../lambda/webhook/verification.ts';
import { timeAs } from './delivery-body.ts';

/** What is delivered. The id is the same when a delivery is repeated. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
  readonly now: Date;
  /** Where it is sent: some senders sign that. */
  readonly url: string;
}

/**
 * The headers with which a webhook's sender proves a delivery, good for five minutes where they have a time. `secret`
 * is the secret's text as `checkSecret` takes it: with two keys, the first one signs.
 */
export function signedHeaders(
  webhook: SecretWebhook,
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
      return bearerHeaders(webhook, key, id);
  }
}

function standardHeaders(key: string, { id, body, now }: Delivery): Record<string, string> {
  const time = timeAs('seconds', now);
  const bytes = Buffer.from(key.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', bytes).update(`${id}.${time}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': time,
    'webhook-signature': `v1,${signature}`,
  };
}

function hmacHeaders(scheme: HmacScheme, key: string, delivery: Delivery): Record<string, string> {
  const { signature, timestamp, signed, idHeader, key: encoding = 'text' } = scheme;
  const { header, prefix, separator = ',' } = signature;
  const { id, body, url, now } = delivery;
  const inHeader = timestamp && 'header' in timestamp ? timestamp : undefined;
  const time = timeAs(inHeader?.format, now);
  const bytes = encoding === 'text' ? Buffer.from(key) : Buffer.from(key, encoding);
  const values: Record<string, string> = {
    '{body}': body,
    '{timestamp}': time,
    '{id}': id,
    '{url}': url,
  };
  const text = signed.replaceAll(/\{\w+\}/g, (name) => values[name] ?? name);
  const proof =
    prefix + createHmac(signature.algorithm, bytes).update(text).digest(signature.encoding);
  const written = inHeader && inHeader.prefix + time;
  return {
    ...(inHeader && written !== undefined && { [inHeader.header]: written }),
    [header]: inHeader?.header === header ? `${written}${separator}${proof}` : proof,
    ...(idHeader !== undefined && { [idHeader]: id }),
  };
}

function bearerHeaders({ header, idHeader, idField }: TokenScheme, key: string, id: string) {
  return {
    ...(header === undefined ? { authorization: `Bearer ${key}` } : { [header]: key }),
    ...((idField === undefined || idHeader) && { [idHeader ?? 'idempotency-key']: id }),
  };
}
