import { readFileSync } from 'node:fs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect, onTestFinished, test } from 'vitest';
import { startMessaging } from '../../../lib/local/services/messaging.ts';
import { temporaryDirectory } from '../hand-written-stack.ts';
import { manualClock } from '../manual-clock.ts';

const ACCESS_KEY = 'LOCALKEY';

async function messaging(accessKeyId = ACCESS_KEY) {
  const notices: string[] = [];
  const delivered: unknown[] = [];
  const parts = await startMessaging(
    { functions: ACCESS_KEY, operator: 'OPERATOR' },
    {
      stateDirectory: temporaryDirectory(),
      buses: () => ['service'],
      deliver: (...event) => delivered.push(event),
      clock: manualClock('2026-11-24T02:00:00Z'),
      notice: (text) => notices.push(text),
    },
  );
  onTestFinished(() => parts.stop());
  const client = {
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey: 'any' },
    maxAttempts: 1,
  };
  return {
    ...parts,
    notices,
    delivered,
    events: new EventBridgeClient({ ...client, endpoint: parts.eventBridge.url }),
    topics: new SNSClient({ ...client, endpoint: parts.sns.url }),
  };
}

const ENTRY = {
  EventBusName: 'service',
  Source: 'run-test-trigger',
  DetailType: 'Execution Failed',
  Detail: '{"kind":"failed"}',
  Time: new Date('2026-11-24T01:02:03.456Z'),
};

function linesOf(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('an event is kept and handed on in its envelope', async () => {
  const { events, eventsFile, delivered } = await messaging();
  const { FailedEntryCount, Entries } = await events.send(
    new PutEventsCommand({ Entries: [ENTRY] }),
  );
  const envelope = {
    version: '0',
    id: Entries?.[0]?.EventId,
    'detail-type': 'Execution Failed',
    source: 'run-test-trigger',
    account: '000000000000',
    time: '2026-11-24T01:02:03Z',
    region: 'us-east-1',
    resources: [],
    detail: { kind: 'failed' },
  };
  expect(FailedEntryCount).toBe(0);
  expect(delivered).toEqual([['service', envelope]]);
  expect(linesOf(eventsFile)).toEqual([envelope]);
});

test.each([
  ['for a bus that does not exist', { EventBusName: 'other' }, 'ResourceNotFoundException'],
  ['whose detail is no JSON', { Detail: 'failed' }, 'MalformedDetail'],
])('an event %s is refused, the one beside it is not', async (_, change, ErrorCode) => {
  const { events } = await messaging();
  const answer = await events.send(
    new PutEventsCommand({ Entries: [ENTRY, { ...ENTRY, ...change }] }),
  );
  expect(answer).toMatchObject({
    FailedEntryCount: 1,
    Entries: [{ EventId: expect.any(String) }, { ErrorCode }],
  });
});

test('more than ten events at once are refused', async () => {
  const { events } = await messaging();
  const Entries = Array(11).fill(ENTRY);
  await expect(events.send(new PutEventsCommand({ Entries }))).rejects.toThrow(/<=10 items/);
});

const MESSAGE = {
  TopicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
  Subject: '[service] nightly FAILED',
  MessageStructure: 'json',
  Message: JSON.stringify({
    default: '{"chat":true}',
    email: 'nightly FAILED\n\nWhy\n- Tone & check\n',
  }),
};

test('a message is kept and shown as its e-mail', async () => {
  const { topics, notices, notificationsFile } = await messaging();
  const { MessageId } = await topics.send(new PublishCommand(MESSAGE));
  expect(MessageId).toMatch(/^[0-9a-f-]{36}$/);
  expect(notices).toEqual([
    'MESSAGE [service] nightly FAILED\n  nightly FAILED\n\n  Why\n  - Tone & check\n',
  ]);
  expect(linesOf(notificationsFile)).toEqual([
    {
      time: '2026-11-24T02:00:00.000Z',
      topicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
      subject: '[service] nightly FAILED',
      messages: { default: '{"chat":true}', email: 'nightly FAILED\n\nWhy\n- Tone & check\n' },
    },
  ]);
});

test.each([
  ['with a subject of 100 characters', { Subject: 'a'.repeat(100) }, /must be ASCII/],
  ['with a subject that is not ASCII', { Subject: 'nächtlich' }, /must be ASCII/],
  ['that is no JSON', { Message: 'FAILED' }, /No JSON with a default message/],
  ['without a default', { Message: '{"email":"FAILED"}' }, /No JSON with a default message/],
])('a message %s is refused', async (_, change, error) => {
  const { topics } = await messaging();
  await expect(topics.send(new PublishCommand({ ...MESSAGE, ...change }))).rejects.toThrow(error);
});

test('nobody without the access key gets in', async () => {
  const { events, topics } = await messaging('SOMEBODY');
  const refused = /The security token is invalid/;
  await expect(events.send(new PutEventsCommand({ Entries: [ENTRY] }))).rejects.toThrow(refused);
  await expect(topics.send(new PublishCommand(MESSAGE))).rejects.toThrow(refused);
});
