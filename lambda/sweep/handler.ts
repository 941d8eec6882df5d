import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { AWS_CLIENT } from '../shared/aws-client.ts';
import { createCore } from '../shared/core.ts';
import { readDeployedConfig } from '../shared/deployed-config.ts';
import { required } from '../shared/environment.ts';
import { log } from '../shared/log.ts';
import { concluder } from './conclude.ts';
import { publisher } from './publish.ts';
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
