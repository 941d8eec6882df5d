import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { createCore } from '../shared/core.ts';
import { readDeployedConfig } from '../shared/deployed-config.ts';
import { readOrder } from './order.ts';
import { trigger } from './trigger.ts';

const config = readDeployedConfig();
const { triggers, ...settings } = config;
const core = createCore(settings, process.env);

/** Invoked by the schedules, and by people through the command line. */
export const handler = middy<unknown, object>().handler(
  async (event: unknown, context: Context) => {
    const until = new Date(core.now().getTime() + context.getRemainingTimeInMillis());
    const order = readOrder(event);
    if (!order) return trigger(event, triggers, core, until);
    const { obey } = await import('./obey.ts');
    return obey(order, config, core, until);
  },
);
