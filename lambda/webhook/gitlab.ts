import { signingKeys, verifyStandardWebhook } from './standard-webhooks.ts';
import {
  refused,
  type SignedRequest,
  secretEntries,
  textKeys,
  tokenMatches,
  type Verification,
} from './verification.ts';

/** GitLab's two kinds of secrets. During a change from one to the other there is one of each. */
export interface GitlabKeys {
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
