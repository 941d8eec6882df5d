import { createHash } from 'node:crypto';
import type { SecretWebhook, TokenScheme } from '../firing/trigger.ts';
import { answerHandshake } from './handshake.ts';
import { verifyHmac } from './hmac.ts';
import { fieldOf } from './payload.ts';
import { signingKeys, verifyStandardWebhook } from './standard-webhooks.ts';
import {
  hmacKeys,
  KEY_MINIMUM_BYTES,
  refused,
  type SignedRequest,
  secretEntries,
  signatureMatches,
  textKeys,
  tokenMatches,
  type Verification,
} from './verification.ts';

/** Verifies a request by this webhook's scheme. Throws SecretUnusableError when `secret` is not a key for it. */
export function verify(
  request: SignedRequest,
  webhook: SecretWebhook,
  secret: string,
  now: Date,
): Verification {
  switch (webhook.verify) {
    case 'standard-webhooks':
      return verifyStandardWebhook(request, signingKeys(secret, webhook.secret), now);
    case 'github':
      return verifyGithub(request, textKeys(secret, webhook.secret));
    case 'gitlab':
      return verifyGitlab(request, gitlabKeys(secret, webhook.secret), now);
    case 'hmac':
      return verifyWithHandshake(request, webhook, secret, now);
    case 'bearer':
      return verifyBearer(request, textKeys(secret, webhook.secret), webhook);
  }
}

function verifyWithHandshake(
  request: SignedRequest,
  webhook: Extract<SecretWebhook, { verify: 'hmac' }>,
  secret: string,
  now: Date,
): Verification {
  const keys = hmacKeys(secret, webhook.secret, webhook.key);
  const verification = verifyHmac(request, keys, now, webhook);
  if (verification.kind === 'refused') return verification;
  const signer = keys.find((key) => verifyHmac(request, [key], now, webhook).kind === 'verified');
  const handshake = signer && answerHandshake(webhook.signature.header, request, signer);
  return { ...verification, ...(handshake && { handshake }) };
}

/** Throws SecretUnusableError unless the text is a secret for this webhook. */
export function checkSecret(webhook: SecretWebhook, text: string): void {
  const { verify: kind, secret } = webhook;
  if (kind === 'standard-webhooks') signingKeys(text, secret);
  else if (kind === 'gitlab') gitlabKeys(text, secret);
  else if (kind === 'hmac') hmacKeys(text, secret, webhook.key);
  else textKeys(text, secret);
}

/** What is doubtful about a secret that can be used; undefined: nothing. */
export function secretWarning({ verify: kind }: SecretWebhook, text: string): string | undefined {
  const shortest = Math.min(...secretEntries(text).map((entry) => entry.length));
  if (kind !== 'hmac' || shortest >= KEY_MINIMUM_BYTES) return undefined;
  return `has ${shortest} characters only, which is weak: where the sender lets you choose it, use openssl rand -hex 32`;
}

/** One token: headers that API Gateway joined have a comma, which no token may have. */
const CREDENTIALS = /^bearer +([\x21-\x2b\x2d-\x7e]+)$/i;

/**
 * Verifies `Authorization: Bearer <token>`, or a token in a header of its own, for senders that can keep a secret but
 * cannot sign. The delivery's id is `Idempotency-Key` (the same in each attempt of one call), or what the scheme says.
 */
export function verifyBearer(
  request: SignedRequest,
  keys: readonly Buffer[],
  { header = 'authorization', idHeader = 'idempotency-key', idField }: TokenScheme = {},
): Verification {
  const given = request.headers[header];
  if (!given) return refused(`${header} is missing`);
  const token = header === 'authorization' ? CREDENTIALS.exec(given)?.[1] : given;
  if (token === undefined) return refused('authorization is not one bearer token');
  if (!tokenMatches(token, keys)) return refused('the token is not the secret');
  const deliveryId = idField === undefined ? request.headers[idHeader] : fieldOf(request, idField);
  return { kind: 'verified', deliveryId };
}

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

/** GitLab's two kinds of secrets. While one replaces the other, there is one of each. */
interface GitlabKeys {
  readonly signing: readonly Buffer[];
  readonly tokens: readonly Buffer[];
}

/**
 * Verifies a GitLab request: a signing token by its Standard Webhooks signature, a secret token by `X-Gitlab-Token`
 * (GitLab, "Webhooks"). A signature must be right even where the token is.
 */
export function verifyGitlab(
  request: SignedRequest,
  { signing, tokens }: GitlabKeys,
  now: Date,
): Verification {
  const { headers } = request;
  const token = headers['x-gitlab-token'];
  const isSigned = headers['webhook-signature'] !== undefined;
  if (signing.length > 0 && (isSigned || tokens.length === 0)) {
    return verifyStandardWebhook(request, signing, now);
  }
  if (!token) return refused('x-gitlab-token is missing');
  if (!tokenMatches(token, tokens)) return refused('x-gitlab-token is not the secret');
  // The same in each retry of a delivery; older versions of GitLab send the event's id only.
  const deliveryId = headers['idempotency-key'] || headers['x-gitlab-event-uuid'];
  return { kind: 'verified', deliveryId };
}

/** `whsec_…` is a signing token, anything else a secret token. Throws SecretUnusableError for a short one. */
export function gitlabKeys(text: string, secretId: string): GitlabKeys {
  const { signing = [], tokens = [] } = Object.groupBy(secretEntries(text), (entry) =>
    entry.startsWith('whsec_') ? 'signing' : 'tokens',
  );
  return {
    signing: signing.flatMap((entry) => signingKeys(entry, secretId)),
    tokens: tokens.flatMap((entry) => textKeys(entry, secretId)),
  };
}
