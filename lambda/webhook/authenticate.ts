import type { SecretWebhook, Trigger, Webhook } from '../firing/trigger.ts';
import { log } from '../runtime/log.ts';
import { type ReadSecret, SecretUnusableError } from '../runtime/secrets.ts';
import { TOO_LARGE, UNVERIFIED } from './answer.ts';
import type { WebhookRequest } from './request.ts';
import { verifySns } from './sns.ts';
import type { SnsSite } from './sns-site.ts';
import { refused as unverified, type Verification } from './verification.ts';
import { verify } from './verify.ts';

/** Its signature is right and fresh; whether it came before is not known yet. */
export interface Authenticated {
  readonly kind: 'authenticated';
  readonly trigger: Trigger;
  readonly webhook: Webhook;
  readonly verification: Extract<Verification, { kind: 'verified' }>;
}

/** Has no ledger: a request that is not signed costs no write. */
export interface AuthenticateContext {
  readonly readSecret: ReadSecret;
  readonly sns: SnsSite;
  readonly now: () => Date;
}

const BODY_LIMIT_BYTES = 1_048_576;
/** A rotated signing secret is noticed this soon; a flood of bad signatures reads the secret no more often. */
const SECRET_REREAD_MS = 30_000;

/**
 * Whether the sender holds the webhook's secret, or is its topic. Unknown trigger, trigger without a webhook, missing,
 * stale or wrong signature and an unusable secret get the same answer; only the log says which it is. Rejects when the
 * secret cannot be read at the moment, so that the sender tries again.
 */
export async function authenticate(
  request: WebhookRequest,
  triggers: Readonly<Record<string, Trigger>>,
  context: AuthenticateContext,
): Promise<Authenticated | ReturnType<typeof refuse>> {
  if (request.body.length > BODY_LIMIT_BYTES) return refuse(request, 'body too large', TOO_LARGE);
  const { trigger: name } = request;
  const trigger = Object.hasOwn(triggers, name) ? triggers[name] : undefined;
  if (!trigger?.webhook) {
    // An unknown trigger must take as long as a wrong signature.
    const other = Object.values(triggers).find(({ webhook }) => webhook)?.webhook;
    if (other) await verifySender(request, other, context);
    return refuse(request, trigger ? 'the trigger has no webhook' : 'no such trigger');
  }
  const { webhook } = trigger;
  const verification = await verifySender(request, webhook, context);
  if (verification.kind === 'refused') return refuse(request, verification.reason);
  return { kind: 'authenticated', trigger, webhook, verification };
}

function verifySender(request: WebhookRequest, webhook: Webhook, context: AuthenticateContext) {
  if (webhook.verify !== 'sns') return verifyWithSecret(request, webhook, context);
  return verifySns(request, webhook.topic, context.now(), context.sns);
}

async function verifyWithSecret(
  request: WebhookRequest,
  webhook: SecretWebhook,
  { readSecret, now }: AuthenticateContext,
): Promise<Verification> {
  const { secret: secretId } = webhook;
  try {
    const text = await readSecret(secretId);
    const verification = verify(request, webhook, text, now());
    if (verification.kind === 'verified') return verification;
    const newer = await readSecret(secretId, SECRET_REREAD_MS);
    return newer === text ? verification : verify(request, webhook, newer, now());
  } catch (error) {
    if (!(error instanceof SecretUnusableError)) throw error;
    log('webhook_secret_rejected', {
      trigger: request.trigger.slice(0, 100),
      message: error.message,
    });
    return unverified('the signing secret is unusable');
  }
}

function refuse(request: WebhookRequest, reason: string, answer = UNVERIFIED) {
  const delivery = request.headers['webhook-id']?.slice(0, 100);
  log('delivery_refused', { trigger: request.trigger.slice(0, 100), delivery, message: reason });
  return { kind: 'refused', answer } as const;
}
