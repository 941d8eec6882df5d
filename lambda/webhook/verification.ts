import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Json } from '../api/json.ts';
import type { TimeFormat } from '../firing/trigger.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import type { Answer } from './answer.ts';

/** A request as it came over the wire; header names are lower-cased by API Gateway (payload format 2.0). */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The address that was asked, with its query: some senders sign it. */
  readonly address?: string | undefined;
}

/** Whether the sender of a request holds the secret. The reason goes to the log only, never to the sender. */
export type Verification =
  | {
      readonly kind: 'verified';
      /** Absent when the request has none. */
      readonly deliveryId?: string | undefined;
      /** Digest of what was signed, where that does not include the delivery's id. */
      readonly signedDigest?: string;
      /** The answer to a verified handshake, which is not a delivery. */
      readonly handshake?: Answer | undefined;
      /** A handshake that is answered at this address: SNS confirms a subscription there. */
      readonly confirmAt?: URL;
      /** What the delivery says, where the body is only its envelope. */
      readonly content?: Json;
    }
  | { readonly kind: 'refused'; readonly reason: string };

/** For a sender who does not hold the secret. */
export function refused(reason: string): Verification {
  return { kind: 'refused', reason };
}

/** Five minutes either way (Standard Webhooks, "Verifying webhook authenticity"; Stripe and Slack say the same). */
export const TOLERANCE_S = 300;

/** Why this time is not the present, or undefined. @param oldestS how old it may be, in seconds. */
export function staleness(
  timestamp: string,
  name: string,
  now: Date,
  format: TimeFormat = 'seconds',
  oldestS = TOLERANCE_S,
): string | undefined {
  const { form, seconds, meaning } = TIMES[format];
  const signedAt = form.test(timestamp) ? seconds(timestamp) : Number.NaN;
  if (Number.isNaN(signedAt)) return `${name} is not ${meaning}`;
  const age = Math.floor(now.getTime() / 1000) - signedAt;
  return age > oldestS || age < -TOLERANCE_S ? `${name} is off by ${age} s` : undefined;
}

/** Strict forms: where nothing separates a time from what is signed beside it, no digit may pass from one to the other. */
const TIMES = {
  seconds: { form: /^\d{1,12}$/, seconds: Number, meaning: 'whole seconds' },
  milliseconds: {
    form: /^\d{12,14}$/,
    seconds: (text: string) => Math.floor(Number(text) / 1000),
    meaning: 'milliseconds',
  },
  iso: {
    form: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
    seconds: (text: string) => Math.floor(Date.parse(text) / 1000),
    meaning: 'a time of ISO 8601',
  },
} as const;

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

/** Some senders choose a shorter one themselves; Zoom's have 22. */
const HMAC_KEY_MINIMUM_BYTES = 16;

/** The keys in a secret's text, as they are written. Throws SecretUnusableError for a key that is too short. */
export function textKeys(text: string, secretId: string, minimum = KEY_MINIMUM_BYTES): Buffer[] {
  return secretEntries(text).map((entry) => {
    if (/^[\x21-\x7e]+$/.test(entry) && entry.length >= minimum) return Buffer.from(entry);
    throw new SecretUnusableError(
      secretId,
      `is not a signing secret: set it to at least ${minimum} random letters and digits, such as openssl rand -hex 32 gives`,
    );
  });
}

/** The keys of an `hmac` sender, written as text or in an encoding. Throws SecretUnusableError as `textKeys` does. */
export function hmacKeys(
  text: string,
  secretId: string,
  encoding: 'text' | 'base64' | 'hex' = 'text',
): Buffer[] {
  const keys = textKeys(text, secretId, HMAC_KEY_MINIMUM_BYTES);
  if (encoding === 'text') return keys;
  return keys.map((key) => {
    const bytes = decoded(key.toString(), encoding);
    if (bytes && bytes.length >= HMAC_KEY_MINIMUM_BYTES) return bytes;
    throw new SecretUnusableError(
      secretId,
      `is not a signing secret: set it to the ${encoding} of at least ${HMAC_KEY_MINIMUM_BYTES} bytes`,
    );
  });
}

/** The bytes that a text encodes; undefined when it is not in this encoding. */
export function decoded(text: string, encoding: keyof typeof ENCODED): Buffer | undefined {
  return ENCODED[encoding].test(text) ? Buffer.from(text, encoding) : undefined;
}

const ENCODED = {
  hex: /^([0-9a-f]{2})+$/i,
  base64: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
} as const;
