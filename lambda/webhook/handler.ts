import middy from '@middy/core';
import { readDeployedConfig } from '../config/deployed-config.ts';
import { createCore } from '../core.ts';
import { DELIVERY_MS, DELIVERY_RESERVE_MS } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { type Answer, UNAVAILABLE } from './answer.ts';
import { receive } from './receive.ts';

const { triggers, ...config } = readDeployedConfig();
const core = createCore(config, process.env);

/**
 * Invoked by API Gateway for `POST /hooks/{trigger}` and `GET /hooks/{trigger}/firings/{firing}`. When something behind
 * it hangs or fails, the sender is asked to come back: the sweep goes on with what was recorded, and a repeated delivery
 * starts nothing twice. No middleware parses the body: its bytes are what is signed.
 */
export const handler = middy<unknown, Answer>({
  timeoutEarlyInMillis: DELIVERY_RESERVE_MS,
  timeoutEarlyResponse: () => {
    throw new Error(`No answer within ${DELIVERY_MS} ms`);
  },
})
  .onError((request) => {
    log('webhook_failed', { message: String(request.error) });
    request.response = UNAVAILABLE;
  })
  .handler((event: unknown) => receive(event, triggers, core));
