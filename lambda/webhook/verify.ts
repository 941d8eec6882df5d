import type { SecretWebhook } from '../firing/trigger.ts';
import { verifyBearer } from './bearer.ts';
import { verifyGithub } from './github.ts';
import { gitlabKeys, verifyGitlab } from './gitlab.ts';
import { answerHandshake } from './handshake.ts';
import { verifyHmac } from './hmac.ts';
import { signingKeys, verifyStandardWebhook } from './standard-webhooks.ts';
import {
  hmacKeys,
  KEY_MINIMUM_BYTES,
  type SignedRequest,
  secretEntries,
  textKeys,
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
