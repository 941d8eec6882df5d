import type { JSONValue } from '@jmespath-community/jmespath';
import type { ExecuteRequest, Webhook } from '../config/deployed-config.ts';
import { type LogEvent, log } from '../runtime/log.ts';
import { type Answer, badRequest, FILTERED, PONG, UNSUPPORTED } from './answer.ts';
import type { Admission } from './authenticate.ts';
import { FilterTooSlowError, matches } from './filter.ts';
import { overridden } from './override.ts';
import { readPayload } from './payload.ts';
import type { WebhookRequest } from './request.ts';

/** A verified delivery that fires its trigger, or the answer for one that does not. */
export type Delivery =
  | {
      readonly kind: 'fires';
      readonly deliveryId: string;
      readonly execute: ExecuteRequest;
      /** Digest of what was signed, where that does not include the delivery's id. */
      readonly signedDigest?: string | undefined;
    }
  | { readonly kind: 'answered'; readonly answer: Answer };

type Admitted = Extract<Admission, { kind: 'admitted' }>;

/** Reads what a verified sender wants. Everything that it is told here it may know. */
export async function readDelivery(
  request: WebhookRequest,
  { trigger, webhook, verification }: Admitted,
): Promise<Delivery> {
  const { deliveryId, signedDigest } = verification;
  const fields = { trigger: request.trigger, delivery: deliveryId?.slice(0, 100) };
  const end = (answer: Answer, event: LogEvent, message?: string): Delivery => {
    log(event, { ...fields, ...(message !== undefined && { message }) });
    return { kind: 'answered', answer };
  };
  if (webhook.verify === 'github' && request.headers['x-github-event'] === 'ping') {
    return end(PONG, 'delivery_pinged');
  }
  // Signed emptiness is what reads a firing, and must not be good for making one.
  if (request.body.length === 0 && webhook.verify !== 'bearer') {
    return end(badRequest(EMPTY), 'delivery_refused', EMPTY);
  }
  if (!deliveryId) {
    const fault = `The delivery has no id: ${ID_PLACES[webhook.verify]}`;
    return end(badRequest(fault), 'delivery_refused', fault);
  }
  if (deliveryId.length > ID_LENGTH) return end(badRequest(LONG_ID), 'delivery_refused', LONG_ID);
  const payload = readPayload(request);
  if (payload.kind !== 'json' && readsBody(webhook)) {
    const answer = payload.kind === 'unreadable' ? NOT_JSON : UNSUPPORTED;
    return end(answer, 'delivery_refused', `the body is ${payload.kind}`);
  }
  const content = payload.kind === 'json' ? payload.content : null;
  const mismatch = await mismatchOf(request, webhook, content);
  if (mismatch instanceof FilterTooSlowError) {
    return end(badRequest(mismatch.message), 'delivery_refused', mismatch.message);
  }
  if (mismatch !== undefined) return end(FILTERED, 'delivery_skipped', mismatch);
  const execute = overridden(trigger.execute, webhook.allow ?? [], content);
  if (typeof execute === 'string') return end(badRequest(execute), 'delivery_refused', execute);
  return { kind: 'fires', deliveryId, execute, signedDigest };
}

function readsBody({ when, allow = [] }: Webhook): boolean {
  return when !== undefined || allow.length > 0;
}

/** Why the delivery is none that the trigger waits for. */
async function mismatchOf(
  { headers, query }: WebhookRequest,
  { when }: Webhook,
  body: JSONValue,
): Promise<string | FilterTooSlowError | undefined> {
  if (when === undefined) return undefined;
  const result = await matches(when, { headers, query, body });
  if (result === true) return undefined;
  if (result instanceof FilterTooSlowError) return result;
  return result instanceof Error ? result.message : 'when is false';
}

/** A header holds no longer one; in a body it could be longer than an item of the ledger. */
const ID_LENGTH = 10_000;
const LONG_ID = `The delivery’s id is longer than ${ID_LENGTH} characters`;
const EMPTY = 'The body is empty: send {} when there is nothing to say';
const NOT_JSON = badRequest('The body is not JSON');

const ID_PLACES = {
  'standard-webhooks': 'webhook-id is missing',
  github: 'X-GitHub-Delivery is missing',
  gitlab: 'Idempotency-Key and X-Gitlab-Event-UUID are missing',
  hmac: 'the idHeader or idField of this webhook is missing',
  bearer: 'send Idempotency-Key, the same in each attempt of one call',
} as const;
