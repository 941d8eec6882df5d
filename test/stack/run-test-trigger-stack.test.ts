import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { TriggersFile } from '../../lib/config/schema.ts';
import { HOOKED, hooked, OTHER, plain, propertiesOf, templateOf, WATCHED } from './synthesized.ts';

const template = templateOf();

test('the stack consists of these resources and nothing else', () => {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values(template.toJSON().Resources) as { Type: string }[]) {
    counts[Type] = (counts[Type] ?? 0) + 1;
  }
  expect(counts).toEqual({
    'AWS::ApiGatewayV2::Api': 1,
    'AWS::ApiGatewayV2::Integration': 1,
    'AWS::ApiGatewayV2::Route': 3,
    'AWS::ApiGatewayV2::Stage': 1,
    'AWS::CloudWatch::Alarm': 7,
    'AWS::DynamoDB::Table': 1,
    'AWS::Events::EventBus': 1,
    'AWS::Events::Rule': 1,
    'AWS::IAM::Policy': 7,
    'AWS::IAM::Role': 7,
    'AWS::Lambda::EventInvokeConfig': 4,
    'AWS::Lambda::Function': 6,
    'AWS::Lambda::Permission': 4,
    'AWS::Logs::LogGroup': 6,
    'AWS::Logs::MetricFilter': 1,
    'AWS::Logs::QueryDefinition': 6,
    'AWS::SNS::Subscription': 1,
    'AWS::SNS::Topic': 1,
    'AWS::SNS::TopicPolicy': 1,
    'AWS::SQS::Queue': 3,
    'AWS::SQS::QueuePolicy': 3,
    'AWS::Scheduler::Schedule': 3,
    'AWS::Scheduler::ScheduleGroup': 2,
  });
});

test('everything the template refers to is in the template', () => {
  const { Resources, Parameters, ...rest } = template.toJSON();
  const known = new Set([...Object.keys(Resources), ...Object.keys(Parameters)]);
  const missing = referencesIn([Resources, rest]).filter(
    (name) => !known.has(name) && !name.startsWith('AWS::'),
  );
  expect(missing).toEqual([]);
});

test.each([
  ['AWS::DynamoDB::Table', 'Retain'],
  ['AWS::Logs::LogGroup', 'RetainExceptOnCreate'],
  ['AWS::SQS::Queue', 'RetainExceptOnCreate'],
])('%s keeps its data when it is removed or replaced: %s', (type, DeletionPolicy) => {
  template.allResources(type, { DeletionPolicy, UpdateReplacePolicy: 'Retain' });
});

test('the ledger of an earlier stack is used instead of a new one', () => {
  const again = templateOf(OTHER);
  again.resourceCountIs('AWS::DynamoDB::Table', 0);
  const environments = Object.values(propertiesOf(again, 'AWS::Lambda::Function')).map(
    ({ Environment }) => Environment.Variables.LEDGER_TABLE,
  );
  // Only the function that sends messages knows no ledger.
  expect(new Set(environments)).toEqual(new Set([undefined, 'old-ledger']));
  const policies = JSON.stringify(again.findResources('AWS::IAM::Policy'));
  expect(policies).toContain(':table/old-ledger/index/open');
});

test('the ledger is on demand, recoverable, protected, and forgets expired items', () => {
  expect(propertiesOf(template, 'AWS::DynamoDB::Table')).toMatchObject({
    LedgerTable: {
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'open',
          KeySchema: [
            { AttributeName: 'openShard', KeyType: 'HASH' },
            { AttributeName: 'nextCheckAt', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['trigger', 'state', 'recordedAt'],
          },
        },
        {
          IndexName: 'by-run-test',
          KeySchema: [
            { AttributeName: 'runTestId', KeyType: 'HASH' },
            { AttributeName: 'sentAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['state', 'executionId'] },
        },
        {
          IndexName: 'by-trigger',
          KeySchema: [
            { AttributeName: 'trigger', KeyType: 'HASH' },
            { AttributeName: 'recordedAt', KeyType: 'RANGE' },
          ],
          Projection: {
            ProjectionType: 'INCLUDE',
            NonKeyAttributes: ['state', 'cause', 'executionId', 'reason', 'result'],
          },
        },
        {
          IndexName: 'recent',
          KeySchema: [
            { AttributeName: 'recentShard', KeyType: 'HASH' },
            { AttributeName: 'recordedAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    },
  });
});

test('dead letters are kept for 14 days, encrypted, and accepted over TLS only', () => {
  const queue = { MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true };
  expect(propertiesOf(template, 'AWS::SQS::Queue')).toMatchObject({
    ScheduleDeadLetters: queue,
    TriggerDeadLetters: queue,
    NotificationsDeadLetters: queue,
  });
  template.allResourcesProperties('AWS::SQS::QueuePolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Deny',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      ]),
    },
  });
});

test('log groups keep their lines for 90 days', () => {
  template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
});

test('the outputs tell a person what they need', () => {
  const outputs = Object.entries(template.toJSON().Outputs as Record<string, { Value: unknown }>);
  expect(Object.fromEntries(outputs.map(([name, { Value }]) => [name, plain(Value)]))).toEqual({
    Build: '1.2.3+abcdef123456',
    SetApiKey: 'npx rtt secret set api-key --stack run-test-trigger',
    WebhookUrlNightly: 'WebhookApi.ApiEndpoint/hooks/nightly',
    SetWebhookSecretNightly: 'npx rtt secret set hooks/nightly --stack run-test-trigger',
    WebhookUrlAfterDeploy: 'WebhookApi.ApiEndpoint/hooks/after-deploy',
    LedgerTable: 'LedgerTable',
    CommandFunction: 'TriggerCommandFunction',
    EventBus: 'EventsBus',
    NotificationTopic: 'NotificationsTopic',
    TriggerLogGroup: 'TriggerLog',
    WebhookLogGroup: 'WebhookLog',
    StarterLogGroup: 'StarterLog',
    SweepLogGroup: 'SweepLog',
    NotifyLogGroup: 'NotificationsNotifyLog',
    AccessLogGroup: 'WebhookApiAccessLog',
    ScheduleDeadLetterQueue: 'ScheduleDeadLetters',
    TriggerDeadLetterQueue: 'TriggerDeadLetters',
    NotifyDeadLetterQueue: 'NotificationsDeadLetters',
  });
});

describe('two stages of one account', () => {
  const watched = templateOf(WATCHED);
  const staging = templateOf(WATCHED, 'staging');

  test('share no name', () => {
    const names = physicalNames(watched);
    expect(names).toEqual(
      expect.arrayContaining([
        'run-test-trigger',
        'run-test-trigger-trigger',
        'run-test-trigger-sweep-not-running',
        'run-test-trigger/Last results',
      ]),
    );
    expect(physicalNames(staging).filter((name) => names.includes(name))).toEqual([]);
    expect(physicalNames(staging)).toHaveLength(names.length);
  });

  test('are told apart by their tags', () => {
    const tags = (stage: string) => [
      { Key: 'project', Value: 'run-test-trigger' },
      { Key: 'stage', Value: stage },
    ];
    watched.hasResourceProperties('AWS::DynamoDB::Table', { Tags: tags('default') });
    staging.hasResourceProperties('AWS::DynamoDB::Table', { Tags: tags('staging') });
  });
});

test('many webhooks have one output together', () => {
  const outputsOf = (file: TriggersFile) => templateOf(file).toJSON().Outputs;
  expect(Object.keys(outputsOf(hooked(80)))).toHaveLength(175);
  const outputs = outputsOf(HOOKED);
  expect(Object.keys(outputs)).toHaveLength(16);
  expect(plain(outputs.WebhookUrls.Value)).toBe('WebhookApi.ApiEndpoint/hooks/TRIGGER');
});

/** Names that are given rather than generated; those of schedules count within their group only. */
function physicalNames(stack: Template): string[] {
  const resources: Record<string, { Type: string; Properties: Record<string, unknown> }> =
    stack.toJSON().Resources;
  return Object.values(resources).flatMap(({ Type, Properties }) =>
    [
      'Name',
      'AlarmName',
      'DashboardName',
      'FunctionName',
      'TableName',
      'TopicName',
      'QueueName',
      'LogGroupName',
      'RoleName',
    ]
      .map((property) => (Type === 'AWS::Scheduler::Schedule' ? undefined : Properties[property]))
      .filter((name) => typeof name === 'string'),
  );
}

function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref') return [String(item)];
    if (key === 'Fn::GetAtt') return [String(item[0])];
    if (key === 'DependsOn') return [item].flat().map(String);
    if (key === 'Fn::Sub') return String(item).match(/(?<=\$\{)[^}]+/g) ?? [];
    return referencesIn(item);
  });
}
