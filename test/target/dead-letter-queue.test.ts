import { expect, onTestFinished, test } from 'vitest';
import type { QueuedMessage } from '../../lib/local/functions/dead-letters.ts';
import { startLambdaEndpoint } from '../../lib/local/services/lambda-endpoint.ts';
import { queueUrl, startQueueEndpoint } from '../../lib/local/services/queue-endpoint.ts';
import { redrive } from '../../lib/target/dead-letter-queue.ts';
import type { Target } from '../../lib/target/target.ts';

const OWN = 'arn:aws:lambda:eu-central-1:111122223333:function:sweep';
const EVENT = { trigger: 'nightly' };

/** A queue with the record of one failed invocation of this function, and what is invoked for it. */
async function redriveOf(functionArn: string) {
  const record = { requestContext: { functionArn }, requestPayload: EVENT };
  const message = { id: '1', body: JSON.stringify(record), sentAt: new Date() };
  const messages = new Map<string, QueuedMessage>([['1', message]]);
  const invoked: string[] = [];
  const lambda = await startLambdaEndpoint('LOCALA', async (name) => {
    invoked.push(name);
    return { ok: true, payload: '{}' };
  });
  const queue = {
    messages: () => [...messages.values()],
    remove: (id: string) => void messages.delete(id),
  };
  const clock = { now: () => new Date() };
  const sqs = await startQueueEndpoint('LOCALA', new Map([['letters', queue]]), clock);
  onTestFinished(async () => {
    await Promise.all([lambda.stop(), sqs.stop()]);
  });
  const url = queueUrl(sqs, 'letters');
  const target: Target = {
    kind: 'local',
    name: 'test',
    isStandIn: true,
    commandFunction: 'trigger',
    webhookUrl: (trigger) => `https://hooks.example/${trigger}`,
    functions: async () => [OWN],
    ledgerTable: 'ledger',
    logs: { kind: 'groups', groups: {} },
    tags: [],
    deadLetterQueues: [url],
    client: (service) => ({
      region: 'eu-central-1',
      endpoint: service === 'sqs' ? sqs.url : lambda.url,
      credentials: { accessKeyId: 'LOCALA', secretAccessKey: 'any' },
    }),
  };
  const results = await Array.fromAsync(redrive(target, url));
  return { results, invoked, left: messages.size };
}

test.each([OWN, `${OWN}:$LATEST`])('a letter of %s goes back to its function', async (arn) => {
  expect(await redriveOf(arn)).toEqual({
    results: [{ kind: 'done', event: EVENT, answer: {} }],
    invoked: [arn],
    left: 0,
  });
});

test.each([
  OWN.replace('sweep', 'delete-everything'),
  OWN.replace('111122223333', '444455556666'),
  OWN.replace('eu-central-1', 'us-east-1'),
])('a letter that names %s invokes nothing and stays', async (arn) => {
  expect(await redriveOf(arn)).toEqual({
    results: [
      {
        kind: 'failed',
        event: EVENT,
        reason: `It names ${arn}, which is not a function of this stack: remove it from the queue if you do not know it`,
      },
    ],
    invoked: [],
    left: 1,
  });
});
