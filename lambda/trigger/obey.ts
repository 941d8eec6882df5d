import { advance } from '../shared/advance.ts';
import type { Core } from '../shared/core.ts';
import type { DeployedConfig } from '../shared/deployed-config.ts';
import type { Firing } from '../shared/firing.ts';
import { follow } from '../shared/follow/follow.ts';
import type { Pause } from '../shared/gate/gate.ts';
import { pauseTrigger, resumeTrigger } from '../shared/gate/pause.ts';
import { awaitsCancel } from '../shared/mismatch.ts';
import { type Rearmed, rearm } from '../shared/rearm.ts';
import { isFinal } from '../shared/transition.ts';
import { deployedTrigger } from './event.ts';
import type { Order } from './order.ts';
import { type Rehearsal, rehearse } from './rehearse.ts';

/** The answer to each order. */
export interface Answers {
  readonly describe: DeployedConfig & { readonly apiBaseUrl: string };
  readonly rehearse: Rehearsal;
  readonly look: { readonly firing?: Firing };
  readonly retry: Rearmed;
  readonly pause: { readonly pause: Pause };
  /** The pause that is over now; absent when nothing was paused. */
  readonly resume: { readonly pause?: Pause };
}

/** Follows a person's order. @param until when the function is killed. */
export async function obey(
  order: Order,
  config: DeployedConfig,
  core: Core,
  until: Date,
): Promise<Answers[keyof Answers]> {
  switch (order.order) {
    case 'describe':
      return { ...config, apiBaseUrl: core.apiBaseUrl };
    case 'rehearse':
      return rehearse(order, config.triggers, core, until);
    case 'look':
      return look(order.firing, core, until);
    case 'retry':
      return retry(order, core, until);
    case 'pause':
      return { pause: await pauseTrigger(withDate(checked(order, config)), core) };
    case 'resume': {
      const pause = await resumeTrigger(checked(order, config), core);
      return pause ? { pause } : {};
    }
  }
}

function withDate({ until, ...order }: Extract<Order, { order: 'pause' }>) {
  return { ...order, ...(until !== undefined && { until: new Date(until) }) };
}

/** A pause of a misspelt trigger would stop nothing. */
function checked<T extends { readonly trigger?: string | undefined }>(
  order: T,
  { triggers }: DeployedConfig,
): T {
  if (order.trigger !== undefined) deployedTrigger(order.trigger, triggers);
  return order;
}

/** Only an execution is looked at early: what waits for another start waits for a reason. */
async function look(id: string, core: Core, until: Date): Promise<Answers['look']> {
  const firing = await core.ledger.read(id);
  if (!firing) return {};
  const isUnderWay = firing.state === 'started' && !isFinal(firing) && !awaitsCancel(firing);
  return { firing: isUnderWay ? await follow(firing, core, until) : firing };
}

async function retry(
  { firing, by, reason }: Extract<Order, { order: 'retry' }>,
  core: Core,
  until: Date,
): Promise<Rearmed> {
  const rearmed = await rearm(firing, { by, reason }, core);
  if (rearmed.kind !== 'rearmed') return rearmed;
  const advanced = await advance(rearmed.firing, core, until);
  const isLookedFor = rearmed.firing.state === 'unknown' && advanced.state === 'due';
  return { ...rearmed, firing: isLookedFor ? await advance(advanced, core, until) : advanced };
}
