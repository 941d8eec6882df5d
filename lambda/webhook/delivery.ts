import type { Json } from '../api/json.ts';
import type { Change } from '../firing/change.ts';
import { overridden } from '../firing/override.ts';
import type { ExecuteRequest, Webhook } from '../firing/trigger.ts';
import { type LogEvent, log } from '../runtime/log.ts';
import { type Answer, badRequest, FILTERED, PONG, UNSUPPORTED } from './answer.ts';
import type { Authenticated } from './authenticate.ts';
import { changeOf } from './change-of.ts';
import { type FilterInput, FilterTooSlowError, matches } from './filter.ts';
import { memberOf, type Payload, readPayload } from './payload.ts';
import type { WebhookRequest } from './request.ts';

/** A verified delivery that fires its trigger, or the answer for one that does not. */
export type Delivery =
  | {
      readonly kind: 'fires';
      readonly deliveryId: string;
      readonly execute: ExecuteRequest;
      readonly change?: Change | undefined;
      readonly signedDigest?: string | undefined;
    }
  | { readonly kind: 'answered'; readonly answer: Answer };

/** Reads what a verified sender wants. The answers may tell such a sender everything. */
export async function readDelivery(
  request: WebhookRequest,
  { trigger, webhook, verification }: Authenticated,
): Promise<Delivery> {
  const { deliveryId, signedDigest } = verification;
  const fields = { trigger: request.trigger, delivery: deliveryId?.slice(0, 100) };
  const end = (answer: Answer, event: LogEvent, more: object = {}): Delivery => {
    log(event, { ...fields, ...more });
    return { kind: 'answered', answer };
  };
  const refuse = (message: string) => end(badRequest(message), 'delivery_refused', { message });

  if (verification.handshake) return end(verification.handshake, 'delivery_pinged');
  if (webhook.verify === 'github' && request.headers['x-github-event'] === 'ping') {
    return end(PONG, 'delivery_pinged');
  }
  // A request that reads a firing is signed over an empty body: sent to the other route, it must not fire.
  if (request.body.length === 0 && webhook.verify !== 'bearer') return refuse(EMPTY);
  const payload = payloadOf(request, verification);
  if (payload.kind !== 'json' && readsBody(webhook)) {
    const answer = payload.kind === 'unreadable' ? NOT_JSON : UNSUPPORTED;
    return end(answer, 'delivery_refused', { message: `the body is ${payload.kind}` });
  }
  const content = payload.kind === 'json' ? payload.content : null;
  const filtered = await whyFiltered(request, webhook, content);
  if (filtered instanceof FilterTooSlowError) return refuse(filtered.message);
  if (filtered !== undefined) return end(FILTERED, 'delivery_skipped', filtered);
  // A sender's other events may have no id: one that the filter leaves out needs none.
  if (!deliveryId) return refuse(`The delivery has no id: ${ID_PLACES[webhook.verify]}`);
  if (deliveryId.length > ID_LENGTH) return refuse(LONG_ID);
  const execute = overridden(trigger.execute, webhook.allow ?? [], content);
  if (typeof execute === 'string') return refuse(execute);
  const { verify } = webhook;
  const isOfChange = verify === 'github' || verify === 'gitlab';
  const change = isOfChange ? changeOf(verify, content) : undefined;
  return { kind: 'fires', deliveryId, execute, change, signedDigest };
}

function payloadOf(request: WebhookRequest, { content }: Authenticated['verification']): Payload {
  return content === undefined ? readPayload(request) : { kind: 'json', content };
}

/** `@` and `$` can be the whole delivery. */
const MAY_READ_BODY = /\bbody\b|[@$]/;

function readsBody({ when = '', allow = [] }: Webhook): boolean {
  return MAY_READ_BODY.test(when) || allow.length > 0;
}

async function whyFiltered({ headers, query }: WebhookRequest, { when }: Webhook, body: Json) {
  if (when === undefined) return undefined;
  const input = { headers, query, body };
  const result = await matches(when, input);
  if (result === true) return undefined;
  if (result instanceof FilterTooSlowError) return result;
  const message = result instanceof Error ? result.message : 'when is false';
  return { message, when, saw: seenValues(when, input) };
}

/** No header is longer; an id in a body could be longer than a ledger item. */
const ID_LENGTH = 10_000;
const LONG_ID = `The delivery’s id is longer than ${ID_LENGTH} characters`;
const EMPTY = 'The body is empty: send {} when there is nothing to say';
const NOT_JSON = badRequest('The body is not JSON');

const ID_PLACES = {
  'standard-webhooks': 'webhook-id is missing',
  github: 'X-GitHub-Delivery is missing',
  gitlab: 'Idempotency-Key and X-Gitlab-Event-UUID are missing',
  hmac: 'the idHeader or idField of this webhook is missing',
  bearer:
    'send Idempotency-Key, the same in each attempt of one call, or what idHeader or idField names',
  sns: 'MessageId is empty',
} as const;

/** Paths of names; what brackets, pipes and functions make of them is not followed. */
const PATHS = /(?<![\w."'])(headers|body|query)((?:\.(?:\w+|"[^"]+"))*)/g;
/** No log has a token. */
const HIDDEN = /authorization|cookie|secret|signature|token/i;
const MOST_VALUES = 10;
const MOST_CHARACTERS = 100;

/** What a delivery has where a filter looks, for the log: at most ten values, each cut after 100 characters. */
function seenValues(expression: string, input: FilterInput): Record<string, string> {
  const paths = [...expression.matchAll(PATHS)].slice(0, MOST_VALUES);
  return Object.fromEntries(
    paths.map(([path, root = '', names = '']) => {
      if (HIDDEN.test(path)) return [path, '(hidden)'];
      const steps = [...names.matchAll(/\.(?:(\w+)|"([^"]+)")/g)];
      const value = steps.reduce<unknown>(
        (holder, [, plain, quoted = '']) => memberOf(holder, plain ?? quoted),
        memberOf(input, root),
      );
      return [path, (JSON.stringify(value) ?? 'null').slice(0, MOST_CHARACTERS)];
    }),
  );
}
