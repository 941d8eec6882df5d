import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { readDeployedConfig } from '../config/deployed-config.ts';
import { createCore } from '../core.ts';
import { readCommand } from './command.ts';
import { trigger } from './trigger.ts';

const config = readDeployedConfig();
const { triggers, ...settings } = config;
const core = createCore(settings, process.env);

/** Invoked by the schedules, and by people through the command line. */
export const handler = middy<unknown, object>().handler(
  async (event: unknown, context: Context) => {
    const until = new Date(core.now().getTime() + context.getRemainingTimeInMillis());
    const command = readCommand(event);
    if (!command) return trigger(event, triggers, core, until);
    const { handleCommand } = await import('./handle-command.ts');
    return handleCommand(command, config, core, until);
  },
);
