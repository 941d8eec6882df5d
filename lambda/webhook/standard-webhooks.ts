import { SecretUnusableError } from '../runtime/secrets.ts';
import {
  KEY_MINIMUM_BYTES,
  refused,
  type SignedRequest,
  secretEntries,
  signatureMatches,
  staleness,
  type Verification,
} from './verification.ts';

/**
 * Verifies a Standard Webhooks request, also with Svix's names of the headers, against the raw bytes: HMAC-SHA256 over
 * `id.timestamp.body`, any of several `v1` signatures, any of the given keys. Compares in constant time. Own code
 * because the library `standardwebhooks` signs the body's decoded text instead of its bytes, accepts `123abc` as a
 * timestamp, reads the clock itself and does not split joined headers; the tests compare the two.
 */
export function verifyStandardWebhook(
  { headers, body }: SignedRequest,
  keys: readonly Buffer[],
  now: Date,
): Verification {
  const isSvix = headers['webhook-signature'] === undefined && headers['svix-signature'];
  const family = isSvix ? 'svix' : 'webhook';
  const id = headers[`${family}-id`];
  const timestamp = headers[`${family}-timestamp`];
  const signatures = headers[`${family}-signature`];
  if (!id || !timestamp || !signatures) return refused(`a ${family}-* header is missing`);
  const stale = staleness(timestamp, `${family}-timestamp`, now);
  if (stale !== undefined) return refused(stale);
  const given = signaturesOf(signatures);
  if (given.length === 0) return refused(`${family}-signature holds no v1 signature`);
  return signatureMatches('sha256', keys, [`${id}.${timestamp}.`, body], given)
    ? { kind: 'verified', deliveryId: id }
    : refused('no signature matches');
}

/**
 * The keys in a secret's text: `whsec_` and base64, or two of them separated by white space during a rotation.
 * Throws SecretUnusableError for a key that is too short or malformed.
 */
export function signingKeys(text: string, secretId: string): Buffer[] {
  return secretEntries(text).map((entry) => signingKey(entry, secretId));
}

const KEY_FORM = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

function signingKey(entry: string, secretId: string): Buffer {
  const encoded = KEY_FORM.exec(entry)?.[1];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (key.length < KEY_MINIMUM_BYTES) {
    throw new SecretUnusableError(
      secretId,
      `is not a signing secret: set it to whsec_ and the base64 of at least ${KEY_MINIMUM_BYTES} random bytes`,
    );
  }
  return key;
}

/**
 * `v1,<base64>` entries separated by spaces, or by commas where API Gateway joined several headers; other versions
 * are ignored. Only the canonical base64 of 32 bytes is accepted.
 */
function signaturesOf(header: string): Buffer[] {
  return [
    ...header.matchAll(/(?<=^|[ ,])v1,([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)(?=$|[ ,])/g),
  ].map(([, encoded = '']) => Buffer.from(encoded, 'base64'));
}
