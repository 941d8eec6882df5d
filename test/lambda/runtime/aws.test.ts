import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:net';
import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { dynamoDb, eventBridge, lambda, secretsManager, sns } from '../../../lambda/runtime/aws.ts';
import { awsService } from '../../../lambda/runtime/aws-service.ts';
import { required } from '../../../lambda/runtime/environment.ts';
import { readBody, serveLoopback } from '../../../lib/local/server/http-server.ts';
import { awsAt } from '../../support/aws-at.ts';

interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
let received: Received[];
/** Status and text of each answer, the last one for all that come after. */
let answers: [status: number, text: string][];
let url: string;
/** What an answer begins with that does not end. */
const HALF = '{"Item":';
beforeEach(async () => {
  received = [];
  const server = await serveLoopback(async (request, response) => {
    const body = String(await readBody(request, 1e6));
    received.push({ path: request.url ?? '', headers: request.headers, body });
    const [status, text] = (answers.length > 1 ? answers.shift() : answers[0]) ?? [500, ''];
    if (status === 0) request.socket.destroy();
    else if (text === HALF) response.writeHead(200, { 'content-length': 100 }).write(text);
    else response.writeHead(status).end(text);
  });
  onTestFinished(() => server.stop());
  url = server.url;
});

/** What the SDK's own signer makes of the request at its time. */
async function signedBySdk({ path, headers, body }: Received, service: string): Promise<unknown> {
  const [, names = ''] = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? '') ?? [];
  const time = String(headers['x-amz-date']);
  const signed = await new SignatureV4({
    service,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'KEY', secretAccessKey: 'any', sessionToken: 'TOKEN' },
    sha256: Sha256,
    applyChecksum: false,
  }).sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      path,
      headers: Object.fromEntries(names.split(';').map((name) => [name, String(headers[name])])),
      body,
    },
    { signingDate: new Date(time.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:')) },
  );
  return signed.headers.authorization;
}

const CALLS = [
  ['dynamodb', () => dynamoDb(awsAt(url)).getItem({ TableName: 't', Key: { id: { S: 'é' } } })],
  ['secretsmanager', () => secretsManager(awsAt(url)).getSecretValue({ SecretId: 's' })],
  ['events', () => eventBridge(awsAt(url)).putEvents({ Entries: [{ Time: new Date(1_500) }] })],
  [
    'lambda',
    () =>
      lambda(awsAt(url)).invoke(
        { FunctionName: 'arn:f', InvocationType: 'Event', Payload: '{}' },
        AbortSignal.timeout(10_000),
      ),
  ],
  ['sns', () => sns(awsAt(url)).publish(PUBLICATION)],
] as const;
const PUBLICATION = {
  TopicArn: 't',
  Subject: 'one & two',
  MessageStructure: 'json',
  Message: '{}',
  MessageAttributes: { kind: { DataType: 'String.Array', StringValue: '["failed"]' } },
} as const;

test.each(CALLS)('%s gets the signature that the SDK would make', async (service, call) => {
  answers = [[200, '{}']];
  await call();
  await call();
  expect(received).toHaveLength(2);
  for (const request of received) {
    expect(request.headers.authorization).toMatch(/host;x-amz-date;.*x-amz-security-token/);
    expect(request.headers.authorization).toBe(await signedBySdk(request, service));
  }
});

test('each service gets its call in its own form', async () => {
  answers = [[200, '{}']];
  for (const [, call] of CALLS) await call();
  expect(
    received.map(({ path, headers, body }) => [headers['x-amz-target'] ?? path, body]),
  ).toEqual([
    ['DynamoDB_20120810.GetItem', '{"TableName":"t","Key":{"id":{"S":"é"}}}'],
    ['secretsmanager.GetSecretValue', '{"SecretId":"s"}'],
    ['AWSEvents.PutEvents', '{"Entries":[{"Time":1.5}]}'],
    ['/2015-03-31/functions/arn%3Af/invocations', '{}'],
    [
      '/',
      'Action=Publish&Version=2010-03-31&TopicArn=t&Subject=one+%26+two&MessageStructure=json&Message=%7B%7D&MessageAttributes.entry.1.Name=kind&MessageAttributes.entry.1.Value.DataType=String.Array&MessageAttributes.entry.1.Value.StringValue=%5B%22failed%22%5D',
    ],
  ]);
});

const REQUEST = { path: '/', headers: {}, body: '' };
const CONDITION = '{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}';

// what comes, how often it was asked, what becomes of it
test.each([
  [
    'a refusal',
    [[400, '{"__type":"ResourceNotFoundException","Message":"not there"}']],
    1,
    'ResourceNotFoundException: not there',
  ],
  ['a failed condition', [[400, CONDITION]], 1, 'ConditionalCheckFailedException: HTTP 400'],
  [
    'a refusal in XML',
    [[403, '<E><Code>AuthorizationError</Code><Message>no</Message></E>']],
    1,
    'AuthorizationError: no',
  ],
  [
    'a throttled call',
    [[400, '{"__type":"ThrottlingException","message":"slowly"}']],
    3,
    'ThrottlingException: slowly',
  ],
  [
    "a balancer's page",
    [
      [503, '<html>'],
      [200, 'well'],
    ],
    2,
    'well',
  ],
  ['an outage', [[500, '']], 3, 'UnknownError: HTTP 500'],
  ['a refusal that is null', [[503, 'null']], 3, 'UnknownError: HTTP 503'],
  [
    'an answer that is lost',
    [
      [0, ''],
      [200, 'well'],
    ],
    2,
    'well',
  ],
] as const)('%s is asked again where that can help', async (_, given, times, outcome) => {
  // The pauses between attempts are up to this share of their length.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  answers = given.map(([status, text]) => [status, text]);
  const service = awsService('dynamodb', { ...awsAt(url), maxAttempts: 3 });
  expect(await service(REQUEST).catch(String)).toBe(outcome);
  expect(received).toHaveLength(times);
});

test('a service that accepts a connection and never answers is given up', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  const service = awsService('dynamodb', {
    ...awsAt(`http://127.0.0.1:${address.port}`),
    answerMs: 20,
  });
  await expect(service(REQUEST)).rejects.toThrow('20 ms');
});

test('an answer that does not end is given up, and asked for again', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
  answers = [
    [200, HALF],
    [200, 'well'],
  ];
  const service = awsService('dynamodb', { ...awsAt(url), maxAttempts: 3, answerMs: 50 });
  expect(await service(REQUEST)).toBe('well');
  expect(received).toHaveLength(2);
});

test('an answer that is not a JSON object is not quoted', async () => {
  answers = [[200, 'the secret itself']];
  await expect(secretsManager(awsAt(url)).getSecretValue({ SecretId: 's' })).rejects.toThrow(
    'The answer to secretsmanager.GetSecretValue is not a JSON object',
  );
});

test('in China, the services have another domain', async () => {
  const asked: string[] = [];
  const post = async ({ url }: { url: URL }) => {
    asked.push(url.origin);
    throw new Error('not sent');
  };
  const { AWS_ENDPOINT_URL: _, ...environment } = awsAt('').environment;
  for (const AWS_REGION of ['eu-central-1', 'cn-north-1']) {
    const options = { environment: { ...environment, AWS_REGION }, post };
    await expect(awsService('events', options)(REQUEST)).rejects.toThrow('not sent');
  }
  expect(asked).toEqual([
    'https://events.eu-central-1.amazonaws.com',
    'https://events.cn-north-1.amazonaws.com.cn',
  ]);
});

test('a function without its environment says what to do', () => {
  expect(() => required({}, 'LEDGER_TABLE')).toThrow(
    'Environment variable LEDGER_TABLE is not set: deploy the stack again',
  );
});
