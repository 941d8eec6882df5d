import { expect, test } from 'vitest';
import type { SecretWebhook } from '../../lambda/firing/trigger.ts';
import { verify } from '../../lambda/webhook/verify.ts';
import { signedHeaders } from '../../lib/target/signed-headers.ts';
import { WEBHOOK_SECRET } from '../support/fixture.ts';
import { TEXT_SECRET } from '../support/senders.ts';

const secret = 'hooks/any';
const signature = { header: 'x-signature', encoding: 'hex', algorithm: 'sha256' } as const;
const timestamp = { header: 'x-signature', prefix: 't=' };
const HMAC = { verify: 'hmac', secret } as const;

const SENDERS: [string, SecretWebhook, string][] = [
  ['Standard Webhooks', { verify: 'standard-webhooks', secret }, WEBHOOK_SECRET],
  ['GitHub', { verify: 'github', secret }, TEXT_SECRET],
  ['GitLab with a signing token', { verify: 'gitlab', secret }, WEBHOOK_SECRET],
  ['GitLab with a secret token', { verify: 'gitlab', secret }, TEXT_SECRET],
  ['a job with a token', { verify: 'bearer', secret }, TEXT_SECRET],
  [
    'a sender with time and signature in one header, and the id in the body',
    {
      ...HMAC,
      signature: { ...signature, prefix: 'v1=' },
      timestamp,
      signed: '{timestamp}.{body}',
      idField: 'id',
    },
    TEXT_SECRET,
  ],
  [
    'a sender with time and signature in two headers, and the id in a third',
    {
      ...HMAC,
      signature: { ...signature, prefix: 'v0=' },
      timestamp: { header: 'x-time', prefix: '' },
      signed: 'v0:{timestamp}:{body}',
      idHeader: 'x-delivery',
    },
    TEXT_SECRET,
  ],
  [
    'a sender that signs the body alone',
    {
      ...HMAC,
      signature: { ...signature, prefix: '', encoding: 'base64', algorithm: 'sha1' },
      signed: '{body}',
      idHeader: 'x-delivery',
    },
    TEXT_SECRET,
  ],
  [
    'a sender with everything unusual',
    {
      ...HMAC,
      signature: { ...signature, prefix: 'v1=', encoding: 'base64url', separator: ';' },
      timestamp: { header: 'x-signature', prefix: 'ts=', format: 'milliseconds' },
      signed: 'POST\n{url}\n{id}\n{body}\n{timestamp}',
      key: 'base64',
      idHeader: 'x-delivery',
    },
    Buffer.from(TEXT_SECRET).toString('base64'),
  ],
  [
    'a sender with a token in a header of its own',
    { verify: 'bearer', secret, header: 'x-token', idField: 'id' },
    TEXT_SECRET,
  ],
];

const now = new Date('2026-11-24T02:00:00Z');
const delivery = {
  id: 'd-1',
  body: '{"id":"d-1","name":"Zoë"}',
  url: 'https://hooks.example.com/hooks/x',
  now,
};

test.each(SENDERS)('a delivery signed like one of %s is verified', (_name, webhook, key) => {
  const headers = signedHeaders(webhook, key, delivery);
  const body = Buffer.from(delivery.body);
  expect(verify({ headers, body, address: delivery.url }, webhook, key, now)).toMatchObject({
    kind: 'verified',
    deliveryId: 'd-1',
  });
});

test.each(SENDERS)('of two keys, the first one signs like %s', (_name, webhook, key) => {
  const other = `${key.slice(0, -8)}AAAAAAAA`;
  const both = `${key}\n${other}`;
  expect(signedHeaders(webhook, both, delivery)).toEqual(signedHeaders(webhook, key, delivery));
});
