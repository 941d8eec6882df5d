import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Trigger, Webhook as WebhookSettings } from '../../lambda/firing/trigger.ts';
import { addressOf, NIGHTLY, newSecrets, type Secrets, WEBHOOK_SECRET } from './fixture.ts';

export const TEXT_SECRET = 'text-0123456789abcdef0123456789';

/** API Gateway's event as far as the webhook reads it. */
export interface Event {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded: boolean;
  readonly pathParameters: { readonly trigger: string; readonly firing?: string };
  readonly rawPath: string;
  readonly requestContext: { readonly domainName: string };
  readonly queryStringParameters?: Readonly<Record<string, string>>;
}

function trigger(webhook: WebhookSettings): Trigger {
  return { ...NIGHTLY, webhook };
}

/** One trigger for each kind of sender, each with a secret of its own. */
export const TRIGGERS = {
  nightly: NIGHTLY,
  github: trigger({ verify: 'github', secret: 'hooks/github' }),
  gitlab: trigger({ verify: 'gitlab', secret: 'hooks/gitlab' }),
  bearer: trigger({ verify: 'bearer', secret: 'hooks/bearer' }),
  hmac: trigger({
    verify: 'hmac',
    secret: 'hooks/hmac',
    signature: { header: 'x-signature', prefix: 'v1=', encoding: 'hex', algorithm: 'sha256' },
    timestamp: { header: 'x-signature', prefix: 't=' },
    signed: '{timestamp}.{body}',
    idField: 'id',
  }),
} satisfies Record<string, Trigger>;

export type Sender = keyof typeof TRIGGERS;

export function senderSecrets(): Secrets {
  const text = ['github', 'gitlab', 'bearer', 'hmac'].map((name) => [`hooks/${name}`, TEXT_SECRET]);
  return { ...newSecrets(), ...Object.fromEntries(text) };
}

/** A right request as this sender makes it: a delivery, or with an empty body what reads a firing. */
export function sent(sender: Sender, id: string, now: Date, body = '{}'): Event {
  return {
    headers: { 'content-type': 'application/json', ...headersOf(sender, id, now, body) },
    ...(body !== '' && { body }),
    isBase64Encoded: false,
    pathParameters: { trigger: sender },
    ...addressOf(sender),
  };
}

function headersOf(sender: Sender, id: string, now: Date, body: string): Record<string, string> {
  const seconds = String(Math.floor(now.getTime() / 1000));
  const hmac = (text: string) => createHmac('sha256', TEXT_SECRET).update(text).digest('hex');
  switch (sender) {
    case 'nightly':
      return {
        'webhook-id': id,
        'webhook-timestamp': seconds,
        'webhook-signature': new Webhook(WEBHOOK_SECRET).sign(id, now, body),
      };
    case 'github':
      return { 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${hmac(body)}` };
    case 'gitlab':
      return { 'idempotency-key': id, 'x-gitlab-token': TEXT_SECRET };
    case 'bearer':
      return { 'idempotency-key': id, authorization: `Bearer ${TEXT_SECRET}` };
    case 'hmac':
      return { 'x-signature': `t=${seconds},v1=${hmac(`${seconds}.${body}`)}` };
  }
}
