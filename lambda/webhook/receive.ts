import type { Change } from '../firing/change.ts';
import type { Firing } from '../firing/firing.ts';
import { isFollowed } from '../firing/states.ts';
import type { Trigger } from '../firing/trigger.ts';
import type { RetentionContext } from '../ledger/ledger.ts';
import { record } from '../ledger/record.ts';
import { START_WAIT_MS } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { addMs } from '../runtime/time.ts';
import { type Arrival, causeOf, firstArrival } from '../start/first-arrival.ts';
import {
  type Answer,
  answerFor,
  answerWith,
  badRequest,
  forSender,
  NOT_FOUND,
  permission,
  SUBSCRIBED,
} from './answer.ts';
import { type AuthenticateContext, authenticate } from './authenticate.ts';
import { readDelivery } from './delivery.ts';
import type { HandOver } from './hand-over.ts';
import { parseRequest, type WebhookRequest } from './request.ts';
import type { SnsSite } from './sns-site.ts';

/** What a delivery needs to become a firing. */
export type ReceiveContext = AuthenticateContext &
  RetentionContext & { readonly handOver: HandOver };

/**
 * A verified delivery becomes a firing, which is handed over to be started, or joins one; a verified reader gets the
 * firing that it names; everything else is refused. The answer waits for the start, but not for long. Rejects when the
 * secret or the ledger cannot be reached: the sender then tries again.
 */
export async function receive(
  event: unknown,
  triggers: Readonly<Record<string, Trigger>>,
  context: ReceiveContext,
): Promise<Answer> {
  const receivedAt = context.now();
  const request = parseRequest(event);
  const sender = await authenticate(request, triggers, context);
  if (sender.kind === 'refused') return sender.answer;
  if (request.isQuestion) return answerQuestion(request);
  const { trigger: name, firing: id } = request;
  if (id !== undefined) return readFiring(name, id, context);
  const { confirmAt } = sender.verification;
  if (confirmAt) return confirmSubscription(name, confirmAt, context.sns);
  const delivery = await readDelivery(request, sender);
  if (delivery.kind === 'answered') return forSender(delivery.answer, sender.webhook);
  const trigger = { ...sender.trigger, execute: delivery.execute };
  const arrival = { ...delivery, arrivedAt: receivedAt.toISOString() };
  const until = addMs(receivedAt, START_WAIT_MS);
  return forSender(await fire(arrival, request, trigger, context, until), sender.webhook);
}

/** Who waits for a firing has its execution read sooner than the sweep would, but not more often than this. */
const POLL_EVERY_MS = 5_000;

/** A firing of another trigger is not found: its readers have another secret. */
async function readFiring(trigger: string, id: string, context: ReceiveContext): Promise<Answer> {
  const { ledger, now } = context;
  const firing = id.startsWith(`${trigger}:`) ? await ledger.read(id) : undefined;
  if (!firing) return NOT_FOUND;
  const readAgainAt = addMs(new Date(firing.polledAt ?? firing.recordedAt), POLL_EVERY_MS);
  if (!isFollowed(firing) || now() < readAgainAt) return answerWith(firing);
  return answerWith(await advanced(firing, context, addMs(now(), START_WAIT_MS)));
}

async function fire(
  arrival: Arrival & { readonly change?: Change | undefined },
  { trigger: name, url }: WebhookRequest,
  trigger: Trigger,
  context: ReceiveContext,
  until: Date,
): Promise<Answer> {
  const { deliveryId, change } = arrival;
  const coalesceMinutes = trigger.webhook?.coalesceMinutes ?? 0;
  const destination = { name, trigger, kind: 'delivery', coalesceMinutes } as const;
  const first = await firstArrival(arrival, destination, context);
  const joined = first.deliveryId !== deliveryId;
  const cause = causeOf('delivery', first.deliveryId);
  // Of the delivery that records: an earlier one may have died, or been answered 503, before it could.
  const at = new Date(arrival.arrivedAt);
  const occurrence = { trigger: name, cause, at, change };
  const { recorded, firing } = await record(occurrence, trigger, context);
  if (joined) log('delivery_joined', { firing: firing.id, trigger: name, delivery: deliveryId });
  const statusUrl = `${url}/firings/${encodeURIComponent(firing.id)}`;
  const next = recorded && firing.state === 'due' ? await advanced(firing, context, until) : firing;
  return answerFor(next, { recorded, joined, statusUrl });
}

/** The firing as it stands when the other function has moved it on, or after the time to wait for that. */
async function advanced(firing: Firing, { handOver, ledger }: ReceiveContext, until: Date) {
  await handOver(firing, until);
  return (await ledger.read(firing.id)) ?? firing;
}

/**
 * The answer to a verified sender that asks whether it may send deliveries (CloudEvents, "HTTP 1.1 Web Hooks for Event
 * Delivery", 4: abuse protection). API Gateway limits the rate.
 */
function answerQuestion({ headers, trigger }: WebhookRequest): Answer {
  const origin = headers['webhook-request-origin'];
  if (!origin) return badRequest('WebHook-Request-Origin is missing');
  log('delivery_pinged', { trigger });
  return permission(origin);
}

/** Accepts a verified subscription of SNS. Rejects when Amazon does not confirm it, so that SNS asks again. */
async function confirmSubscription(
  trigger: string,
  address: URL,
  { confirm }: Pick<SnsSite, 'confirm'>,
): Promise<Answer> {
  await confirm(address);
  log('delivery_pinged', { trigger });
  return SUBSCRIBED;
}
