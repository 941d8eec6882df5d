import { expect, test } from 'vitest';
import { LEASE_MS } from '../../lambda/runtime/limits.ts';
import { OTHER, propertiesOf, templateOf } from './synthesized.ts';

const template = templateOf();
const functions = propertiesOf(template, 'AWS::Lambda::Function');
const asynchronous = propertiesOf(template, 'AWS::Lambda::EventInvokeConfig');

test.each(['Trigger', 'TriggerCommand', 'Webhook', 'Starter', 'Sweep', 'NotificationsNotify'])(
  '%s is deployed like this',
  (name) => {
    expect(functions[`${name}Function`]).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'handler.handler',
      MemorySize: 512,
      LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
    });
  },
);

test('X-Ray keeps no traces of what runs every minute and of messages', () => {
  const traced = Object.entries(functions).filter(
    ([, { TracingConfig }]) => TracingConfig?.Mode === 'Active',
  );
  expect(traced.map(([name]) => name)).toEqual([
    'TriggerFunction',
    'TriggerCommandFunction',
    'StarterFunction',
    'WebhookFunction',
  ]);
});

test.each([
  ['Trigger', 60, 5],
  ['TriggerCommand', 60, 3],
  ['Webhook', 5, 20],
  ['Starter', 60, 10],
  ['Sweep', 110, 1],
])('%s has %i s and a concurrency of %i', (name, Timeout, ReservedConcurrentExecutions) => {
  expect(functions[`${name}Function`]).toMatchObject({ Timeout, ReservedConcurrentExecutions });
});

test.each(['Trigger', 'TriggerCommand', 'Starter', 'Sweep'])(
  '%s ends before the lease of a firing that it sends',
  (name) => {
    expect(functions[`${name}Function`].Timeout * 1000).toBeLessThan(LEASE_MS);
  },
);

test('commands are taken by the code and the role of the trigger function', () => {
  const { TriggerFunction, TriggerCommandFunction } = functions;
  expect(TriggerCommandFunction.Code).toEqual(TriggerFunction.Code);
  expect(TriggerCommandFunction.Role).toEqual(TriggerFunction.Role);
  expect(TriggerCommandFunction.FunctionName).toBe('run-test-trigger-command');
});

const [table] = Object.keys(template.findResources('AWS::DynamoDB::Table'));
const CORE = { LEDGER_TABLE: { Ref: table }, API_BASE_URL: 'https://api.example.com' };

const WAKING = { ...CORE, SWEEP_FUNCTION: { Ref: expect.stringMatching(/^SweepFunction/) } };

test.each([
  ['Trigger', WAKING],
  ['TriggerCommand', WAKING],
  [
    'Webhook',
    {
      LEDGER_TABLE: CORE.LEDGER_TABLE,
      STARTER_FUNCTION: { Ref: expect.stringMatching(/^StarterFunction/) },
    },
  ],
  ['Starter', CORE],
  ['Sweep', { ...CORE, EVENT_BUS: { Ref: expect.stringMatching(/^EventsBus/) } }],
  [
    'NotificationsNotify',
    {
      TOPIC_ARN: { Ref: expect.stringMatching(/^NotificationsTopic/) },
      SERVICE: 'run-test-trigger',
      TIMEZONE: 'Europe/Berlin',
      LOG_GROUP: { Ref: expect.stringMatching(/^SweepLog/) },
      RUNBOOK: 'https://git.example.com/runbook.md',
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
    MaximumEventAgeInSeconds: 21_600,
    DestinationConfig: {
      OnFailure: {
        Destination: { 'Fn::GetAtt': [expect.stringMatching(/^TriggerDeadLetters/), 'Arn'] },
      },
    },
  });
});

test('a start that waits for a free place is given up to the sweep', () => {
  expect(asynchronous.StarterAsynchronousEvents).toMatchObject({
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 900,
  });
});

test('a failed sweep is left to the next one', () => {
  expect(asynchronous.SweepAsynchronousEvents).toMatchObject({
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
});

test('without a setting nothing is reserved, as a new account needs it', () => {
  const unreserved = propertiesOf(templateOf(OTHER), 'AWS::Lambda::Function');
  expect(
    Object.values(unreserved).filter((properties) => 'ReservedConcurrentExecutions' in properties),
  ).toEqual([]);
});
