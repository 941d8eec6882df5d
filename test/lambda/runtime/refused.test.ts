import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import { answerRefusals, RefusedError } from '../../../lambda/runtime/refused.ts';
import { captureLog } from '../../support/captured-log.ts';

const refusing = middy<unknown, unknown>()
  .use(answerRefusals)
  .handler(async () => {
    throw new RefusedError('No trigger "nightly" is deployed');
  });
const invocation = { getRemainingTimeInMillis: () => 1_000 } as Context;

test.each([
  ['a command', { command: 'retry', firing: 'nightly:1', requestId: '1' }],
  ['a test of the channels', { test: ['slack'] }],
])('%s that is refused is answered', async (_, event) => {
  const log = captureLog();
  expect(await refusing(event, invocation)).toEqual({
    refused: 'No trigger "nightly" is deployed',
  });
  expect(log).toMatchObject([{ event: 'command_refused' }]);
});

test('a start that is refused fails: an event that nobody waits for reaches the dead-letter queue', async () => {
  const event = { trigger: 'nightly', requestId: '1' };
  await expect(refusing(event, invocation)).rejects.toThrow(RefusedError);
});
