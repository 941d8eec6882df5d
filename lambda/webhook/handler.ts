import middy from '@middy/core';
import { readConfigFiles } from '../config/config-files.ts';
import { openLedger } from '../ledger/ledger.ts';
import { dynamoDb, lambda, secretsManager } from '../runtime/aws.ts';
import { required } from '../runtime/environment.ts';
import { ANSWER_MS, ANSWER_RESERVE_MS } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { secretReader } from '../runtime/secrets.ts';
import { type Answer, UNAVAILABLE } from './answer.ts';
import { handOverTo } from './hand-over.ts';
import { receive } from './receive.ts';
import { triggerIn } from './request.ts';
import { snsSite } from './sns-site.ts';

const files = readConfigFiles(import.meta.url);
const { retentionDays, anyWebhook } = files.index;
const now = () => new Date();
const starter = lambda({ maxAttempts: 1, answerMs: ANSWER_MS });
const context = {
  retentionDays,
  ledger: openLedger(dynamoDb(), required(process.env, 'LEDGER_TABLE')),
  readSecret: secretReader(secretsManager(), now),
  sns: snsSite(),
  handOver: handOverTo(starter, required(process.env, 'STARTER_FUNCTION'), now),
  now,
};
log('function_started', { version: process.env.RTT_VERSION });

/**
 * Invoked by API Gateway for `POST /hooks/{trigger}` and `GET /hooks/{trigger}/firings/{firing}`. When something behind
 * it hangs or fails, the sender is asked to come back: the sweep goes on with what was recorded, and a repeated delivery
 * starts nothing twice. No middleware parses the body: its bytes are what is signed.
 */
export const handler = middy<unknown, Answer>({
  timeoutEarlyInMillis: ANSWER_RESERVE_MS,
  timeoutEarlyResponse: () => {
    throw new Error(`No answer within ${ANSWER_MS} ms`);
  },
})
  .onError((request) => {
    log('webhook_failed', { message: String(request.error) });
    request.response = UNAVAILABLE;
  })
  .handler((event: unknown) =>
    receive(event, files.named([triggerIn(event), anyWebhook]).triggers, context),
  );
