import { expect, test } from 'vitest';
import { LEASE_MS } from '../../lambda/runtime/limits.ts';
import { CONFIG, propertiesOf, templateOf } from './synthesized.ts';

const template = templateOf();
const functions = propertiesOf(template, 'AWS::Lambda::Function');
const asynchronous = propertiesOf(template, 'AWS::Lambda::EventInvokeConfig');

test.each(['Trigger', 'Webhook', 'Sweep', 'NotificationsNotify'])(
  '%s is deployed like this',
  (name) => {
    expect(functions[`${name}Function`]).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      MemorySize: 512,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
    });
  },
);

test.each([
  ['Trigger', 60, 5],
  ['Webhook', 15, 10],
  ['Sweep', 100, 1],
])('%s has %i s and a concurrency of %i', (name, Timeout, ReservedConcurrentExecutions) => {
  expect(functions[`${name}Function`]).toMatchObject({ Timeout, ReservedConcurrentExecutions });
});

test.each(['Trigger', 'Webhook', 'Sweep'])(
  '%s ends before the lease of a firing that it sends',
  (name) => {
    expect(functions[`${name}Function`].Timeout * 1000).toBeLessThan(LEASE_MS);
  },
);

test('the webhook ends before API Gateway stops waiting', () => {
  expect(functions.WebhookFunction.Timeout).toBeLessThan(30);
});

const [table] = Object.keys(template.findResources('AWS::DynamoDB::Table'));
const CORE = { LEDGER_TABLE: { Ref: table }, API_BASE_URL: 'https://api.example.com' };

test.each([
  ['Trigger', CORE],
  ['Webhook', CORE],
  ['Sweep', { ...CORE, EVENT_BUS: { Ref: expect.stringMatching(/^EventsBus/) } }],
  [
    'NotificationsNotify',
    {
      TOPIC_ARN: { Ref: expect.stringMatching(/^NotificationsTopic/) },
      SERVICE: 'run-test-trigger',
      TIMEZONE: 'Europe/Berlin',
    },
  ],
])('%s is told this and nothing else', (name, Variables) => {
  expect(functions[`${name}Function`].Environment).toEqual({
    Variables: { ...Variables, RTT_VERSION: '1.2.3+abcdef123456' },
  });
});

test('a message that could not be sent is tried again, then given up to a queue', () => {
  expect(asynchronous.NotificationsNotifyAsynchronousEvents).toMatchObject({
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 21_600,
    DestinationConfig: {
      OnFailure: {
        Destination: { 'Fn::GetAtt': [expect.stringMatching(/^NotificationsDeadLetters/), 'Arn'] },
      },
    },
  });
});

test('an event that could not be recorded is repeated, then given up to a queue', () => {
  expect(asynchronous.TriggerAsynchronousEvents).toMatchObject({
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 900,
    DestinationConfig: {
      OnFailure: {
        Destination: { 'Fn::GetAtt': [expect.stringMatching(/^TriggerDeadLetters/), 'Arn'] },
      },
    },
  });
});

test('a failed sweep is left to the next one', () => {
  expect(asynchronous.SweepAsynchronousEvents).toMatchObject({
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
});

test('an account without concurrency to reserve gets none reserved', () => {
  const reservedConcurrency = { trigger: 'unreserved', webhook: 'unreserved' } as const;
  const unreserved = propertiesOf(
    templateOf({ ...CONFIG, reservedConcurrency }),
    'AWS::Lambda::Function',
  );
  expect(
    Object.values(unreserved).filter((properties) => 'ReservedConcurrentExecutions' in properties),
  ).toEqual([]);
});
