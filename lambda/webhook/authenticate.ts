import type { Trigger, Webhook } from '../config/deployed-config.ts';
import { log } from '../runtime/log.ts';
import { type ReadSecret, SecretUnusableError } from '../runtime/secrets.ts';
import { type Answer, TOO_LARGE, UNVERIFIED } from './answer.ts';
import type { WebhookRequest } from './request.ts';
import { refused as unverified, type Verification } from './verification.ts';
import { verify } from './verify.ts';

/** A request from who holds the secret of a trigger's webhook, or the answer for everything else. */
export type Admission =
  | {
      readonly kind: 'admitted';
      readonly trigger: Trigger;
      readonly webhook: Webhook;
      readonly verification: Extract<Verification, { kind: 'verified' }>;
    }
  | { readonly kind: 'refused'; readonly answer: Answer };

/** What checking a request needs. */
export interface AuthenticateContext {
  readonly readSecret: ReadSecret;
  readonly now: () => Date;
}

const BODY_LIMIT_BYTES = 1_048_576;
/** A rotated signing secret is noticed this soon; a flood of bad signatures reads the secret no more often. */
const SECRET_REREAD_MS = 30_000;

/**
 * Lets a request in or not. Unknown trigger, trigger without a webhook, missing, stale or wrong signature and an
 * unusable secret look the same from outside; only the log tells them apart. Rejects when the secret cannot be
 * read for a passing reason, so that the sender tries again.
 */
export async function admit(
  request: WebhookRequest,
  triggers: Readonly<Record<string, Trigger>>,
  core: AuthenticateContext,
): Promise<Admission> {
  if (request.body.length > BODY_LIMIT_BYTES) return refuse(request, 'body too large', TOO_LARGE);
  const { trigger: name } = request;
  const trigger = Object.hasOwn(triggers, name) ? triggers[name] : undefined;
  if (!trigger?.webhook) {
    await verifyInVain(request, triggers, core);
    return refuse(request, trigger ? 'the trigger has no webhook' : 'no such trigger');
  }
  const { webhook } = trigger;
  const verification = await tryVerify(request, webhook, core);
  if (verification.kind === 'refused') return refuse(request, verification.reason);
  return { kind: 'admitted', trigger, webhook, verification };
}

/** Makes an unknown trigger cost what a wrong signature costs. */
async function verifyInVain(
  request: WebhookRequest,
  triggers: Readonly<Record<string, Trigger>>,
  core: AuthenticateContext,
): Promise<void> {
  const other = Object.values(triggers).find(({ webhook }) => webhook)?.webhook;
  if (other) await tryVerify(request, other, core);
}

async function tryVerify(
  request: WebhookRequest,
  webhook: Webhook,
  core: AuthenticateContext,
): Promise<Verification> {
  const { secret: secretId } = webhook;
  try {
    const verification = verify(request, webhook, await core.readSecret(secretId), core.now());
    if (verification.kind === 'verified') return verification;
    const fresh = await core.readSecret(secretId, SECRET_REREAD_MS);
    return verify(request, webhook, fresh, core.now());
  } catch (error) {
    if (!(error instanceof SecretUnusableError)) throw error;
    log('webhook_secret_rejected', {
      trigger: request.trigger.slice(0, 100),
      message: error.message,
    });
    return unverified('the signing secret is unusable');
  }
}

function refuse(request: WebhookRequest, reason: string, answer = UNVERIFIED): Admission {
  log('delivery_refused', {
    trigger: request.trigger.slice(0, 100),
    delivery: request.headers['webhook-id']?.slice(0, 100),
    message: reason,
  });
  return { kind: 'refused', answer };
}
