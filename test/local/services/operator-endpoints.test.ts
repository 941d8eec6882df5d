import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { deadLettersIn } from '../../../lib/local/functions/dead-letters.ts';
import type { Outcome } from '../../../lib/local/functions/function-process.ts';
import type { InvokeByName } from '../../../lib/local/services/lambda-endpoint.ts';
import { startOperatorEndpoints } from '../../../lib/local/services/operator-endpoints.ts';
import { handWrittenStack, temporaryDirectory } from '../hand-written-stack.ts';
import { manualClock } from '../manual-clock.ts';

const KEY = 'LOCALKEY';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:stack-Fn';

/** The operator's endpoints of a stack with one function, whose dead letters go to the first of two queues. */
async function start(invoke: InvokeByName = () => undefined, accessKeyId = KEY) {
  const assembly = handWrittenStack(
    { Fn: 'export const handler = async () => {};' },
    {
      Mine: { Type: 'AWS::SQS::Queue' },
      Others: { Type: 'AWS::SQS::Queue' },
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: 'Fn' },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 2,
          MaximumEventAgeInSeconds: 60,
          DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Mine', 'Arn'] } } },
        },
      },
    },
  );
  const deadLetters = deadLettersIn(join(temporaryDirectory(), 'dead-letters.jsonl'));
  const clock = manualClock('2026-11-24T02:00:00Z');
  const operator = await startOperatorEndpoints(KEY, () => assembly, {
    invoke,
    deadLetters,
    clock,
  });
  const client = (endpoint: string) => ({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  const lambda = new LambdaClient(client(operator.lambda.url));
  const sqs = new SQSClient(client(operator.sqs.url));
  onTestFinished(async () => {
    lambda.destroy();
    sqs.destroy();
    await operator.stop();
  });
  const functionArn = assembly.functions[0]?.arn ?? '';
  const [mine, others] = operator.queueUrls(assembly);
  const receive = async (QueueUrl = mine) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages;
  return { lambda, sqs, deadLetters, clock, functionArn, mine, others, receive };
}

function letter(requestId: string, functionArn: string) {
  return {
    version: '1.0',
    timestamp: '2026-11-24T01:00:00.000Z',
    requestContext: {
      requestId,
      functionArn: `${functionArn}:$LATEST`,
      condition: 'RetriesExhausted',
      approximateInvokeCount: 3,
    },
    requestPayload: { trigger: 'nightly' },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: {},
  } as const;
}

test('a queue holds the letters of the functions that send theirs there, until they are deleted', async () => {
  const { sqs, deadLetters, functionArn, mine, others, receive } = await start();
  expect(await receive()).toBeUndefined();
  deadLetters.add(letter('1', functionArn));
  deadLetters.add(letter('2', `${functionArn}-other`));
  expect(await receive(others)).toBeUndefined();
  const [message] = (await receive()) ?? [];
  expect(JSON.parse(message?.Body ?? '')).toEqual(letter('1', functionArn));
  await sqs.send(
    new DeleteMessageCommand({ QueueUrl: mine, ReceiptHandle: message?.ReceiptHandle }),
  );
  expect(deadLetters.of(functionArn)).toEqual([]);
  expect(deadLetters.of(`${functionArn}-other`)).toHaveLength(1);
});

test('who receives is told of a damaged dead letter, by its line', async () => {
  const { deadLetters, functionArn, receive } = await start();
  deadLetters.add(letter('1', functionArn));
  appendFileSync(deadLetters.file, '{"requestContext":{"requestId":"2"}}\n');
  await expect(receive()).rejects.toThrow(
    `${deadLetters.file}:2 is damaged: fix the line or delete it`,
  );
});

test('a message that was received is hidden for 30 s, or as long as is said', async () => {
  const { sqs, deadLetters, clock, functionArn, mine, receive } = await start();
  deadLetters.add(letter('1', functionArn));
  const [message] = (await receive()) ?? [];
  clock.jump(29_000);
  expect(await receive()).toBeUndefined();
  clock.jump(1_000);
  expect(await receive()).toHaveLength(1);
  const { ReceiptHandle } = message ?? {};
  await sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: mine, ReceiptHandle, VisibilityTimeout: 0 }),
  );
  expect(await receive()).toHaveLength(1);
});

const OK: Outcome = { ok: true, payload: '{"state":"started"}' };
const FAILED: Outcome = { ok: false, error: { errorType: 'Error', errorMessage: 'no ledger' } };

test.each<readonly [string, Outcome | 'throttled' | undefined, object]>([
  ['result', OK, { StatusCode: 200, payload: '{"state":"started"}' }],
  ['error', FAILED, { FunctionError: 'Unhandled', payload: JSON.stringify(FAILED.error) }],
  ['lack of concurrency', 'throttled', { name: 'TooManyRequestsException' }],
  ['absence', undefined, { name: 'ResourceNotFoundException' }],
])('a function is invoked by its name: its %s is told as Lambda does', async (_, given, told) => {
  const events: string[] = [];
  const { lambda } = await start((name, event) => {
    events.push(`${name} ${event}`);
    return given && Promise.resolve(given);
  });
  const invoke = new InvokeCommand({ FunctionName: FUNCTION, Payload: '{"order":"describe"}' });
  const answer = await lambda.send(invoke).then(
    ({ Payload, ...rest }) => ({ ...rest, payload: Payload?.transformToString() }),
    (error: Error) => error,
  );
  expect(answer).toMatchObject(told);
  expect(events).toEqual([`${FUNCTION} {"order":"describe"}`]);
});

test('who has not the key is refused by both', async () => {
  const { lambda, receive } = await start(() => Promise.resolve(OK), 'ANOTHER');
  await expect(receive()).rejects.toThrow('The security token is invalid.');
  await expect(lambda.send(new InvokeCommand({ FunctionName: FUNCTION }))).rejects.toThrow(
    'The security token is invalid.',
  );
});
