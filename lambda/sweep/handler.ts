import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { readDeployedConfig } from '../config/deployed-config.ts';
import { createCore } from '../core.ts';
import { publisher } from '../events/publish.ts';
import { AWS_CLIENT } from '../runtime/aws-client.ts';
import { required } from '../runtime/environment.ts';
import { log } from '../runtime/log.ts';
import { concluder } from './conclude.ts';
import { type SweepSummary, sweep } from './sweep.ts';
import { watchSchedules } from './watch-schedules.ts';

const { triggers, ...config } = readDeployedConfig();
const publish = publisher(new EventBridgeClient(AWS_CLIENT), required(process.env, 'EVENT_BUS'));
const core = { ...createCore(config, process.env), conclude: concluder(publish) };

/** Invoked once a minute, one at a time. A schedule that cannot be watched delays no firing. */
export const handler = middy<unknown, SweepSummary>().handler(
  async (_event: unknown, context: Context) => {
    const until = new Date(core.now().getTime() + context.getRemainingTimeInMillis());
    try {
      await watchSchedules(triggers, core, publish);
    } catch (error) {
      log('watch_failed', { message: String(error) });
    }
    return sweep(core, until);
  },
);
