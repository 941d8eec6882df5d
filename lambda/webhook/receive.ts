import { advance } from '../advance.ts';
import type { Trigger } from '../config/deployed-config.ts';
import { record } from '../ledger/record.ts';
import { log } from '../runtime/log.ts';
import type { StartContext } from '../start/start.ts';
import { type Answer, answerFor, answerWith, NOT_FOUND } from './answer.ts';
import { type AuthenticateContext, admit } from './authenticate.ts';
import { readDelivery } from './delivery.ts';
import { type Arrival, type ClaimContext, firstDelivery } from './first-delivery.ts';
import { ANSWER_WITHIN_MS } from './in-time.ts';
import { parseRequest } from './request.ts';

/** What a delivery needs to become a firing. */
export type ReceiveContext = AuthenticateContext & ClaimContext & StartContext;

/**
 * A verified delivery becomes a firing, which is sent at once, or joins one (what is not settled in time is the
 * sweep's to settle); a verified reader gets the firing that
 * it names; everything else gets nothing. Rejects when the secret or the ledger cannot be reached: the sender's
 * repetition of the delivery is then the next try.
 */
export async function receive(
  event: unknown,
  triggers: Readonly<Record<string, Trigger>>,
  core: ReceiveContext,
): Promise<Answer> {
  const receivedAt = core.now();
  const request = parseRequest(event);
  const admission = await admit(request, triggers, core);
  if (admission.kind === 'refused') return admission.answer;
  const { trigger: name, firing: id } = request;
  if (id !== undefined) return readFiring(name, id, core);
  const delivery = await readDelivery(request, admission);
  if (delivery.kind === 'answered') return delivery.answer;
  const trigger = { ...admission.trigger, execute: delivery.execute };
  const arrival = { ...delivery, arrivedAt: receivedAt.toISOString() };
  return fire(arrival, name, trigger, core, new Date(receivedAt.getTime() + ANSWER_WITHIN_MS));
}

/** Other triggers' firings are as unknown as none: their readers have other secrets. */
async function readFiring(trigger: string, id: string, core: ReceiveContext): Promise<Answer> {
  const firing = id.startsWith(`${trigger}:`) ? await core.ledger.read(id) : undefined;
  return firing ? answerWith(firing) : NOT_FOUND;
}

async function fire(
  arrival: Arrival,
  name: string,
  trigger: Trigger,
  core: ReceiveContext,
  until: Date,
): Promise<Answer> {
  const { deliveryId } = arrival;
  const first = await firstDelivery(arrival, name, trigger, core);
  const joined = first.deliveryId !== deliveryId;
  const cause = { kind: 'delivery', deliveryId: first.deliveryId } as const;
  const occurrence = { trigger: name, cause, at: new Date(first.arrivedAt) };
  const { recorded, firing } = await record(occurrence, trigger, core);
  if (joined) log('delivery_joined', { firing: firing.id, trigger: name, delivery: deliveryId });
  return answerFor(recorded ? await advance(firing, core, until) : firing, recorded, joined);
}
