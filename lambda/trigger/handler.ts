import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { createCore } from '../shared/core.ts';
import { readDeployedConfig } from '../shared/deployed-config.ts';
import type { FiringReport } from '../shared/firing-report.ts';
import { trigger } from './trigger.ts';

const { triggers, ...config } = readDeployedConfig();
const core = createCore(config, process.env);

/** Invoked by the schedules, and by hand. */
export const handler = middy<unknown, FiringReport>().handler(
  async (event: unknown, context: Context) =>
    trigger(
      event,
      triggers,
      core,
      new Date(core.now().getTime() + context.getRemainingTimeInMillis()),
    ),
);
