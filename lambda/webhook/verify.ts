import type { Webhook } from '../firing/trigger.ts';
import { verifyBearer } from './bearer.ts';
import { verifyGithub } from './github.ts';
import { gitlabKeys, verifyGitlab } from './gitlab.ts';
import { verifyHmac } from './hmac.ts';
import { signingKeys, verifyStandardWebhook } from './standard-webhooks.ts';
import { type SignedRequest, textKeys, type Verification } from './verification.ts';

/** Verifies a request by this webhook's scheme. Throws SecretUnusableError when `secret` is not a key for it. */
export function verify(
  request: SignedRequest,
  webhook: Webhook,
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
      return verifyHmac(request, textKeys(secret, webhook.secret), now, webhook);
    case 'bearer':
      return verifyBearer(request, textKeys(secret, webhook.secret));
  }
}

/** Throws SecretUnusableError unless the text is a secret for this webhook. */
export function checkSecret({ verify: kind, secret }: Webhook, text: string): void {
  if (kind === 'standard-webhooks') signingKeys(text, secret);
  else if (kind === 'gitlab') gitlabKeys(text, secret);
  else textKeys(text, secret);
}
