import middy from '@middy/core';
import { readDeployedConfig } from '../config/deployed-config.ts';
import { createCore } from '../core.ts';
import { log } from '../runtime/log.ts';
import { type Answer, UNAVAILABLE } from './answer.ts';
import { inTime } from './in-time.ts';
import { receive } from './receive.ts';

const { triggers, ...config } = readDeployedConfig();
const core = createCore(config, process.env);

/** Invoked by API Gateway for `POST /hooks/{trigger}` and `GET /hooks/{trigger}/firings/{firing}`. */
export const handler = middy<unknown, Answer>()
  .onError((request) => {
    log('webhook_failed', { message: String(request.error) });
    request.response = UNAVAILABLE;
  })
  .handler(async (event: unknown) => inTime(receive(event, triggers, core)));
