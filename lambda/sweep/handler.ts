import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { createCore } from '../shared/core.ts';
import { readDeployedConfig } from '../shared/deployed-config.ts';
import { required } from '../shared/environment.ts';
import { publisher } from '../shared/publish.ts';
import { type SweepSummary, sweep } from './sweep.ts';

const core = {
  ...createCore(readDeployedConfig(), process.env),
  publish: publisher(new EventBridgeClient(), required(process.env, 'EVENT_BUS')),
};

/** Invoked once a minute, one at a time. */
export const handler = middy<unknown, SweepSummary>().handler(
  async (_event: unknown, context: Context) =>
    sweep(core, new Date(core.now().getTime() + context.getRemainingTimeInMillis())),
);
