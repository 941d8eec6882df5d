import * as z from 'zod';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import type { DryRun } from '../../lambda/trigger/dry-run.ts';
import { InputError } from '../input-error.ts';
import { type DeliveryAnswer, deliver } from '../target/deliver.ts';
import { fire, sendCommand } from '../target/invoke.ts';
import { putEvent, readEvent } from '../target/put-event.ts';
import { cancelRefusal, retryRefusal } from '../views/refusals.ts';
import type { Source } from './source.ts';

const reason = z.string().trim().min(1, 'Say why: the reason stays in the ledger').max(500);
const requestId = z.string().regex(/^console-[0-9a-f-]{36}$/);
const trigger = z.string();

/** What a person does in the console, as the page sends it. The same `requestId` fires once. */
export const actionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('dry-run'), trigger }),
  z.strictObject({ action: z.literal('fire'), trigger, requestId }),
  /** Without a trigger: all of them. */
  z.strictObject({ action: z.enum(['pause', 'resume']), trigger: trigger.optional(), reason }),
  z.strictObject({ action: z.literal('deliver'), trigger, requestId, body: z.string() }),
  z.strictObject({ action: z.literal('event'), bus: z.string(), event: z.string() }),
  z.strictObject({ action: z.literal('cancel'), firing: z.string(), reason }),
  z.strictObject({ action: z.literal('retry'), firing: z.string(), requestId, reason }),
]);
/** Comes from a browser, so only `actionSchema` makes one. */
export type Action = z.infer<typeof actionSchema>;

/** What was done. What could not be done is an InputError instead. */
export type ActionResult =
  | { readonly kind: 'dry-run'; readonly dryRun: DryRun }
  | { readonly kind: 'fired'; readonly report: FiringReport }
  /** With the firing that came of it. */
  | { readonly kind: 'done'; readonly message: string; readonly firing?: string };

/** Does what a person asks, in this person's name. Throws InputError where it cannot be done. */
export async function act(
  action: Action,
  { target, describe }: Pick<Source, 'target' | 'describe'>,
  by: string,
): Promise<ActionResult> {
  const { config, readOnly } = await describe();
  if (readOnly !== undefined) throw new InputError(readOnly);
  switch (action.action) {
    case 'dry-run': {
      const { action: command, ...order } = action;
      return { kind: 'dry-run', dryRun: await sendCommand(target, { command, ...order }) };
    }
    case 'fire': {
      const { action: _, ...order } = action;
      return { kind: 'fired', report: await fire(target, order) };
    }
    case 'pause':
    case 'resume': {
      const { action: command, ...order } = action;
      const { pause } = await sendCommand(target, { command, ...order, by });
      const what = order.trigger ?? 'Every trigger';
      if (!pause) return done(`${what} was not paused.`);
      return done(`${what} is ${command === 'pause' ? 'paused' : 'no longer paused'}, by ${by}.`);
    }
    case 'deliver': {
      const { trigger, requestId: id, body } = action;
      const given = { id, body, headers: {}, now: new Date() };
      return delivered(await deliver(target, trigger, config.triggers[trigger]?.webhook, given));
    }
    case 'event': {
      const id = await putEvent(target, readEvent(action.event, 'The text'), action.bus);
      return done(`Event ${id} is on the bus ${action.bus}. What it fires shows in Firings.`);
    }
    case 'cancel': {
      const { action: command, ...order } = action;
      const result = await sendCommand(target, { command, ...order, by });
      if (result.kind !== 'cancelled') throw new InputError(cancelRefusal(order.firing, result));
      return done(`The server cancels it for ${by}. Its verdict follows within a minute.`);
    }
    case 'retry': {
      const { action: command, ...order } = action;
      const result = await sendCommand(target, { command, ...order, by });
      if (result.kind !== 'retried') throw retryRefusal(order.firing, result);
      return done(`Sent again by ${by}: it is ${result.firing.state} now.`);
    }
  }
}

const answerSchema = z.object({ firing: z.string().optional(), message: z.string().optional() });

function delivered({ status, isAccepted, body }: DeliveryAnswer): ActionResult {
  const { data: { firing, message } = {} } = answerSchema.safeParse(body);
  const what = isAccepted ? 'The webhook took it' : 'The webhook refused it';
  const said = message ?? (typeof body === 'string' ? body : JSON.stringify(body));
  return {
    kind: 'done',
    message: `${what} (HTTP ${status}): ${said}`,
    ...(firing !== undefined && { firing }),
  };
}

function done(message: string): ActionResult {
  return { kind: 'done', message };
}
