import { advance } from '../advance.ts';
import type { Trigger } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { record } from '../ledger/record.ts';
import { DELIVERY_MS } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { type Answer, answerFor, answerWith, NOT_FOUND } from './answer.ts';
import { authenticate } from './authenticate.ts';
import { readDelivery } from './delivery.ts';
import { type Arrival, firstDelivery } from './first-delivery.ts';
import { parseRequest } from './request.ts';

/**
 * A verified delivery becomes a firing, which is sent at once, or joins one; a verified reader gets the firing that it
 * names; everything else is refused. What is not settled in time is left to the sweep. Rejects when the secret or the
 * ledger cannot be reached: the sender then tries again.
 */
export async function receive(
  event: unknown,
  triggers: Readonly<Record<string, Trigger>>,
  core: Core,
): Promise<Answer> {
  const receivedAt = core.now();
  const request = parseRequest(event);
  const sender = await authenticate(request, triggers, core);
  if (sender.kind === 'refused') return sender.answer;
  const { trigger: name, firing: id } = request;
  if (id !== undefined) return readFiring(name, id, core.ledger);
  const delivery = await readDelivery(request, sender);
  if (delivery.kind === 'answered') return delivery.answer;
  const trigger = { ...sender.trigger, execute: delivery.execute };
  const arrival = { ...delivery, arrivedAt: receivedAt.toISOString() };
  return fire(arrival, name, trigger, core, new Date(receivedAt.getTime() + DELIVERY_MS));
}

/** A firing of another trigger is not found: its readers have another secret. */
async function readFiring(trigger: string, id: string, ledger: Ledger): Promise<Answer> {
  const firing = id.startsWith(`${trigger}:`) ? await ledger.read(id) : undefined;
  return firing ? answerWith(firing) : NOT_FOUND;
}

async function fire(
  arrival: Arrival,
  name: string,
  trigger: Trigger,
  core: Core,
  until: Date,
): Promise<Answer> {
  const { deliveryId } = arrival;
  const first = await firstDelivery(arrival, name, trigger, core);
  const joined = first.deliveryId !== deliveryId;
  const source = { kind: 'delivery', deliveryId: first.deliveryId } as const;
  const cause = { trigger: name, source, at: new Date(first.arrivedAt) };
  const { recorded, firing } = await record(cause, trigger, core);
  if (joined) log('delivery_joined', { firing: firing.id, trigger: name, delivery: deliveryId });
  return answerFor(recorded ? await advance(firing, core, until) : firing, recorded, joined);
}
