import * as z from 'zod';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import type { DryRun } from '../../lambda/trigger/dry-run.ts';
import { InputError } from '../input-error.ts';
import { type DeliveryAnswer, deliver } from '../target/deliver.ts';
import { fire, sendCommand } from '../target/invoke.ts';
import { putEvent, readEvent } from '../target/put-event.ts';
import { cancelRefusal, retryRefusal } from '../views/refusals.ts';
import type { Action } from './action.ts';
import type { Source } from './source.ts';

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
      const command = { command: 'dry-run', trigger: action.trigger } as const;
      return { kind: 'dry-run', dryRun: await sendCommand(target, command) };
    }
    case 'fire': {
      const { trigger: name, requestId: id } = action;
      return { kind: 'fired', report: await fire(target, { trigger: name, requestId: id }) };
    }
    case 'pause':
    case 'resume': {
      const { action: command, trigger: name, reason: why } = action;
      const of = { ...(name !== undefined && { trigger: name }), by, reason: why };
      const { pause } = await sendCommand(target, { command, ...of });
      const what = name ?? 'Every trigger';
      if (!pause) return done(`${what} was not paused.`);
      return done(`${what} is ${command === 'pause' ? 'paused' : 'no longer paused'}, by ${by}.`);
    }
    case 'deliver': {
      const { trigger: name, requestId: id, body } = action;
      const given = { id, body, headers: {}, now: new Date() };
      return delivered(await deliver(target, name, config.triggers[name]?.webhook, given));
    }
    case 'event': {
      const id = await putEvent(target, readEvent(action.event, 'The text'), action.bus);
      return done(`Event ${id} is on the bus ${action.bus}. What it fires shows in Firings.`);
    }
    case 'cancel': {
      const { firing: id, reason: why } = action;
      const order = { firing: id, by, reason: why };
      const result = await sendCommand(target, { command: 'cancel', ...order });
      if (result.kind !== 'cancelled') throw new InputError(cancelRefusal(id, result));
      return done(`The server cancels it for ${by}. Its verdict follows within a minute.`);
    }
    case 'retry': {
      const { firing: id, requestId, reason } = action;
      const order = { firing: id, requestId, by, reason };
      const result = await sendCommand(target, { command: 'retry', ...order });
      if (result.kind !== 'retried') throw retryRefusal(id, result);
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
