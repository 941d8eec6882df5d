import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { SecretWebhook } from '../lambda/firing/trigger.ts';
import { parseRequest } from '../lambda/webhook/request.ts';
import { verify } from '../lambda/webhook/verify.ts';
import { addressOf, WEBHOOK_SECRET } from '../test/support/fixture.ts';
import { median, table } from './table.ts';

const ROUNDS = 200;
const SIZES = { '1 kB': 1_000, '1 MB': 1_000_000 } as const;
const SHARED = 'aSecretThatBothKnow1234567890abc';
const NOW = new Date('2026-11-24T02:00:00Z');

interface Sender {
  readonly webhook: SecretWebhook;
  readonly secret: string;
  /** One that its deliveries are not signed with. */
  readonly another: string;
  headers(body: string): Record<string, string>;
}

const SENDERS: Readonly<Record<string, Sender>> = {
  'standard-webhooks': {
    webhook: { verify: 'standard-webhooks', secret: 's' },
    secret: WEBHOOK_SECRET,
    another: `whsec_${Buffer.alloc(32, 8).toString('base64')}`,
    headers: (body) => ({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(NOW.getTime() / 1000),
      'webhook-signature': new Webhook(WEBHOOK_SECRET).sign('msg_1', NOW, body),
    }),
  },
  github: {
    webhook: { verify: 'github', secret: 's' },
    secret: SHARED,
    another: `${SHARED}NoMore`,
    headers: (body) => ({
      'x-github-delivery': 'a-delivery',
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${createHmac('sha256', SHARED).update(body).digest('hex')}`,
    }),
  },
  bearer: {
    webhook: { verify: 'bearer', secret: 's' },
    secret: SHARED,
    another: `${SHARED}NoMore`,
    headers: () => ({ authorization: `Bearer ${SHARED}`, 'idempotency-key': 'a-delivery' }),
  },
};

/** How long it takes to verify a delivery, and to refuse a forged one. */
export async function verification(): Promise<string> {
  const rows = Object.entries(SENDERS).flatMap(([name, sender]) =>
    Object.entries(SIZES).map(([label, size]) => {
      const body = 'a'.repeat(size);
      const request = requestOf(body, sender.headers(body));
      const good = timeOf(request, sender.webhook, sender.secret, 'verified');
      const bad = timeOf(request, sender.webhook, sender.another, 'refused');
      return [name, label, `${good.toFixed(3)} ms`, `${bad.toFixed(3)} ms`];
    }),
  );
  return `The request is read and checked, medians of ${ROUNDS}; without the reading of the secret.\n\n${table(['sender', 'body', 'verified', 'refused'], rows)}`;
}

function requestOf(body: string, headers: Record<string, string>): unknown {
  return {
    headers,
    body,
    isBase64Encoded: false,
    pathParameters: { trigger: 'nightly' },
    ...addressOf('nightly'),
  };
}

function timeOf(
  request: unknown,
  webhook: SecretWebhook,
  secret: string,
  expected: string,
): number {
  return median(
    Array.from({ length: ROUNDS }, () => {
      const begun = performance.now();
      const { kind } = verify(parseRequest(request), webhook, secret, NOW);
      const took = performance.now() - begun;
      if (kind !== expected) throw new Error(`${webhook.verify}: ${kind}, not ${expected}`);
      return took;
    }),
  );
}
