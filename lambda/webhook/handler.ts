import middy from '@middy/core';
import { createCore } from '../shared/core.ts';
import { readDeployedConfig } from '../shared/deployed-config.ts';
import { log } from '../shared/log.ts';
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
