import { expect, test } from 'vitest';
import type { SecretWebhook } from '../../../lambda/firing/trigger.ts';
import { checkSecret, secretWarning } from '../../../lambda/webhook/verify.ts';

const HMAC = {
  verify: 'hmac',
  secret: 'hook',
  signature: { header: 'x', prefix: '', encoding: 'hex', algorithm: 'sha256' },
  signed: '{body}',
} as const satisfies SecretWebhook;

function judged(text: string, webhook: SecretWebhook = HMAC): string | undefined {
  try {
    checkSecret(webhook, text);
  } catch (error) {
    return String(error);
  }
  return secretWarning(webhook, text);
}

test.each<[string, string, string | undefined, SecretWebhook?]>([
  ['24 characters', 'x'.repeat(24), undefined],
  [
    'Zoom’s 22 characters',
    'qLuOPmxkRyadMqr2aFt2bA',
    'has 22 characters only, which is weak: where the sender lets you choose it, use openssl rand -hex 32',
  ],
  [
    '15 characters',
    'x'.repeat(15),
    'SecretUnusableError: Secret hook is not a signing secret: set it to at least 16 random letters and digits, such as openssl rand -hex 32 gives',
  ],
  ['16 bytes in hex', '0f'.repeat(16), undefined, { ...HMAC, key: 'hex' }],
  [
    'text instead of hex',
    'x'.repeat(32),
    'SecretUnusableError: Secret hook is not a signing secret: set it to the hex of at least 16 bytes',
    { ...HMAC, key: 'hex' },
  ],
  [
    'too few bytes in base64',
    Buffer.alloc(15).toString('base64'),
    'SecretUnusableError: Secret hook is not a signing secret: set it to the base64 of at least 16 bytes',
    { ...HMAC, key: 'base64' },
  ],
  [
    'a short bearer token',
    'x'.repeat(23),
    'SecretUnusableError: Secret hook is not a signing secret: set it to at least 24 random letters and digits, such as openssl rand -hex 32 gives',
    { verify: 'bearer', secret: 'hook' },
  ],
])('%s', (_, text, expected, webhook) => {
  expect(judged(text, webhook)).toBe(expected);
});
