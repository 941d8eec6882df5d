import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SecretUnusableError } from '../runtime/secrets.ts';

/** A request as it came over the wire; header names are lower-cased by API Gateway (payload format 2.0). */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Whether the sender of a request holds the secret. The reason goes to the log only, never to the sender. */
export type Verification =
  | {
      readonly kind: 'verified';
      /** Absent when the request has none. */
      readonly deliveryId?: string | undefined;
      /** Digest of what was signed, where that does not include the delivery's id. */
      readonly signedDigest?: string;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** For a sender who does not hold the secret. */
export function refused(reason: string): Verification {
  return { kind: 'refused', reason };
}

/** Five minutes either way (Standard Webhooks, "Verifying webhook authenticity"; Stripe and Slack say the same). */
const TOLERANCE_S = 300;

/** Why these seconds since 1970 are not the present, or undefined. */
export function staleness(timestamp: string, name: string, now: Date): string | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) return `${name} is not whole seconds`;
  const age = Math.floor(now.getTime() / 1000) - Number(timestamp);
  return Math.abs(age) > TOLERANCE_S ? `${name} is off by ${age} s` : undefined;
}

/** Whether one of the given signatures is the HMAC of these parts with one of the keys, in constant time. */
export function signatureMatches(
  algorithm: string,
  keys: readonly Buffer[],
  signed: readonly (string | Buffer)[],
  given: readonly Buffer[],
): boolean {
  const expected = keys.map((key) =>
    signed.reduce((hmac, part) => hmac.update(part), createHmac(algorithm, key)).digest(),
  );
  return given.some((one) =>
    expected.some((other) => one.length === other.length && timingSafeEqual(one, other)),
  );
}

/** Whether a token is one of the keys. Compares digests, so that the time does not reveal even a key's length. */
export function tokenMatches(token: string, keys: readonly Buffer[]): boolean {
  const given = digestOf(token);
  return keys.filter((key) => timingSafeEqual(digestOf(key), given)).length > 0;
}

function digestOf(text: string | Buffer): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Standard Webhooks, "Signature scheme": a symmetric secret has at least 24 bytes. */
export const KEY_MINIMUM_BYTES = 24;

/** One key, or two during a rotation, separated by white space. */
export function secretEntries(text: string): string[] {
  return text.split(/\s+/);
}

/** The keys in a secret's text, as they are written. Throws SecretUnusableError for a key that is too short. */
export function textKeys(text: string, secretId: string): Buffer[] {
  return secretEntries(text).map((entry) => {
    if (/^[\x21-\x7e]+$/.test(entry) && entry.length >= KEY_MINIMUM_BYTES)
      return Buffer.from(entry);
    throw new SecretUnusableError(
      secretId,
      `is not a signing secret: set it to at least ${KEY_MINIMUM_BYTES} random letters and digits, such as openssl rand -hex 32 gives`,
    );
  });
}
