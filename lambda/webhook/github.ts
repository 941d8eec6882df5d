import { createHash } from 'node:crypto';
import {
  refused,
  type SignedRequest,
  signatureMatches,
  type Verification,
} from './verification.ts';

/**
 * Verifies GitHub's `X-Hub-Signature-256`: HMAC-SHA256 over the raw body ("Validating webhook deliveries"). It
 * covers neither id nor time, so the digest of the body is kept against replays. Own code because
 * `@octokit/webhooks-methods` takes the body as text only, which can change the bytes; the tests compare the two.
 */
export function verifyGithub(
  { headers, body }: SignedRequest,
  keys: readonly Buffer[],
): Verification {
  const signature = headers['x-hub-signature-256'];
  if (!signature) return refused('x-hub-signature-256 is missing');
  const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(signature) ?? [];
  if (hex === undefined) return refused('x-hub-signature-256 is not sha256= and 64 hex digits');
  if (!signatureMatches('sha256', keys, [body], [Buffer.from(hex, 'hex')])) {
    return refused('no signature matches');
  }
  return {
    kind: 'verified',
    deliveryId: headers['x-github-delivery'],
    signedDigest: createHash('sha256').update(body).digest('hex'),
  };
}
