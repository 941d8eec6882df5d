import { advance } from '../shared/advance.ts';
import type { Core } from '../shared/core.ts';
import type { DeployedConfig } from '../shared/deployed-config.ts';
import type { Firing } from '../shared/firing.ts';
import { type Rearmed, rearm } from '../shared/rearm.ts';
import type { Order } from './order.ts';
import { type Rehearsal, rehearse } from './rehearse.ts';

/** The answer to each order. */
export interface Answers {
  readonly describe: DeployedConfig & { readonly apiBaseUrl: string };
  readonly rehearse: Rehearsal;
  readonly look: { readonly firing?: Firing };
  readonly retry: Rearmed;
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
  }
}

/** Only a started execution is looked at early: what waits for a retry waits for a reason. */
async function look(id: string, core: Core, until: Date): Promise<Answers['look']> {
  const firing = await core.ledger.read(id);
  if (!firing) return {};
  return { firing: firing.state === 'started' ? await advance(firing, core, until) : firing };
}

async function retry(
  { firing, by, reason }: Extract<Order, { order: 'retry' }>,
  core: Core,
  until: Date,
): Promise<Rearmed> {
  const rearmed = await rearm(firing, { by, reason }, core);
  if (rearmed.kind !== 'rearmed') return rearmed;
  return { ...rearmed, firing: await advance(rearmed.firing, core, until) };
}
