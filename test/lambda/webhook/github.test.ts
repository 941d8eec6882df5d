import { sign, verify as verifyByOctokit } from '@octokit/webhooks-methods';
import { expect, test } from 'vitest';
import { verifyGithub } from '../../../lambda/webhook/verify.ts';

// GitHub's documentation, "Validating webhook deliveries", "Testing the webhook payload validation".
const KEYS = [Buffer.from("It's a Secret to Everybody")];
const BODY = 'Hello, World!';
const DIGEST = '757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const ID = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

function verify(signature: string | undefined, body = BODY, keys = KEYS) {
  const signed: Record<string, string> =
    signature === undefined ? {} : { 'x-hub-signature-256': signature };
  const headers = { ...signed, 'x-github-delivery': ID };
  return verifyGithub({ headers, body: Buffer.from(body) }, keys);
}

test('GitHub’s documented example is verified', () => {
  expect(verify(`sha256=${DIGEST}`)).toEqual({
    kind: 'verified',
    deliveryId: ID,
    signedDigest: 'dffd6021bb2bd5b0af676290809ec3a53191dd81c7f70a4b28688a362182986f',
  });
});

test('during a rotation either secret verifies', () => {
  const keys = [Buffer.from('another secret of 24 bytes'), ...KEYS];
  expect(verify(`sha256=${DIGEST}`, BODY, keys).kind).toBe('verified');
});

test.each([
  ['no signature', undefined, 'x-hub-signature-256 is missing'],
  ['an empty signature', '', 'x-hub-signature-256 is missing'],
  ['no prefix', DIGEST, 'x-hub-signature-256 is not sha256= and 64 hex digits'],
  ['SHA-1', `sha1=${DIGEST.slice(0, 40)}`, 'x-hub-signature-256 is not sha256= and 64 hex digits'],
  [
    'a truncated signature',
    `sha256=${DIGEST.slice(0, -1)}`,
    'x-hub-signature-256 is not sha256= and 64 hex digits',
  ],
  [
    'joined signatures',
    `sha256=${DIGEST},sha256=${DIGEST}`,
    'x-hub-signature-256 is not sha256= and 64 hex digits',
  ],
  ['another signature', `sha256=${DIGEST.replace('7', '8')}`, 'no signature matches'],
])('%s is refused', (_name, signature, reason) => {
  expect(verify(signature)).toEqual({ kind: 'refused', reason });
});

test.each(['{}', '{"a":"é 日本 😀"}', ' {"a" : 1}\r\n', 'x'.repeat(100_000)])(
  'what GitHub’s own library signs is verified, and nothing that it refuses (%.20j)',
  async (body) => {
    const secret = 'github-0123456789abcdef0123';
    const keys = [Buffer.from(secret)];
    const right = await sign(secret, body);
    const wrong = await sign(`${secret}4`, body);
    for (const [signature, signed] of [
      [right, body],
      [wrong, body],
      [right, `${body} `],
      [right.slice(0, -1), body],
    ] as const) {
      const isRight = await verifyByOctokit(secret, signed, signature);
      expect(isRight).toBe(signature === right && signed === body);
      expect(verify(signature, signed, keys).kind).toBe(isRight ? 'verified' : 'refused');
    }
  },
);

test('bytes that are no text are verified as they are', () => {
  const headers = {
    // HMAC-SHA256 over the four bytes, computed with openssl.
    'x-hub-signature-256':
      'sha256=574968186726596733f7f97de43bd3ef44ca798d52a248078e576434c132e9b7',
    'x-github-delivery': ID,
  };
  const body = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
  expect(verifyGithub({ headers, body }, KEYS).kind).toBe('verified');
});

test('a body with a line break at its end is refused', () => {
  expect(verify(`sha256=${DIGEST}`, `${BODY}\n`).kind).toBe('refused');
});
