import { expect, test } from 'vitest';
import {
  HOOKED,
  IMPORTED_SECRET,
  joined,
  OTHER,
  propertiesOf,
  readable,
  templateOf,
  WATCHED,
} from './synthesized.ts';

const template = templateOf();
const LOGS = 'logs:CreateLogStream logs:PutLogEvents';
const SECRET = 'arn:<Partition>:secretsmanager:<Region>:<AccountId>:secret:';
const XRAY = 'xray:PutTraceSegments xray:PutTelemetryRecords on *';

test.each([
  [
    'TriggerRole',
    [
      `${LOGS} on TriggerLog`,
      XRAY,
      'dynamodb:GetItem dynamodb:PutItem on LedgerTable',
      'dynamodb:BatchGetItem on LedgerTable',
      'dynamodb:Query on LedgerTable/index/by-run-test LedgerTable/index/by-trigger',
      'sqs:SendMessage on TriggerDeadLetters',
      'lambda:InvokeFunction on SweepFunction',
      `secretsmanager:GetSecretValue on ${SECRET}api-key-??????`,
    ],
  ],
  [
    'WebhookRole',
    [
      `${LOGS} on WebhookLog`,
      XRAY,
      'dynamodb:GetItem dynamodb:PutItem on LedgerTable',
      'lambda:InvokeFunction on StarterFunction',
      `secretsmanager:GetSecretValue on ${SECRET}hooks/nightly-??????`,
      `secretsmanager:GetSecretValue on ${IMPORTED_SECRET}`,
    ],
  ],
  [
    'StarterRole',
    [
      `${LOGS} on StarterLog`,
      XRAY,
      'dynamodb:GetItem dynamodb:PutItem on LedgerTable',
      'dynamodb:BatchGetItem on LedgerTable',
      `secretsmanager:GetSecretValue on ${SECRET}api-key-??????`,
    ],
  ],
  [
    'SweepRole',
    [
      `${LOGS} on SweepLog`,
      'dynamodb:GetItem dynamodb:PutItem on LedgerTable',
      'dynamodb:BatchGetItem on LedgerTable',
      'dynamodb:Query on LedgerTable/index/open LedgerTable/index/by-run-test LedgerTable/index/by-trigger LedgerTable/index/recent',
      'events:PutEvents on EventsBus',
      `secretsmanager:GetSecretValue on ${SECRET}api-key-??????`,
    ],
  ],
  [
    'NotificationsNotifyRole',
    [
      `${LOGS} on NotificationsNotifyLog`,
      'sqs:SendMessage on NotificationsDeadLetters',
      'sns:Publish on NotificationsTopic',
    ],
  ],
  [
    'SchedulesRole',
    ['lambda:InvokeFunction on TriggerFunction', 'sqs:SendMessage on ScheduleDeadLetters'],
  ],
  ['SweepScheduleRole', ['lambda:InvokeFunction on SweepFunction']],
])('%s may do this and nothing else', (role, allowed) => {
  expect(allowedTo(role)).toEqual(allowed);
});

test.each([
  [undefined, `${SECRET}hooks/nightly-??????`],
  ['staging', `${SECRET}staging/hooks/nightly-??????`],
])(
  'the function that faces the internet reads the webhook secrets of its stage (%s) only',
  (stage, own) => {
    const policies = propertiesOf(templateOf(WATCHED, stage), 'AWS::IAM::Policy');
    const statements: Statement[] = policies.WebhookRoleDefaultPolicy.PolicyDocument.Statement;
    const reading = statements.filter(({ Action }) => [Action].flat().join().includes('secret'));
    expect(reading.flatMap(({ Resource }) => [Resource].flat().map(plain))).toEqual([
      own,
      IMPORTED_SECRET,
    ]);
  },
);

test('only this stack’s alarms of this account reach the topic', () => {
  const [topic] = Object.values(propertiesOf(template, 'AWS::SNS::TopicPolicy'));
  const names = Object.values(propertiesOf(template, 'AWS::CloudWatch::Alarm'))
    .map(({ AlarmName }) => AlarmName)
    .sort();
  expect(names).toContain('run-test-trigger-sweep-not-running');
  const [{ Condition }] = topic.PolicyDocument.Statement.filter(
    ({ Principal }: { Principal: { Service?: string } }) =>
      Principal.Service === 'cloudwatch.amazonaws.com',
  );
  expect(Condition.StringEquals).toEqual({ 'aws:SourceAccount': { Ref: 'AWS::AccountId' } });
  const arns: unknown[] = Condition.ArnEquals['aws:SourceArn'];
  expect(arns.map((arn) => JSON.stringify(arn).match(/:alarm:([^"]+)/)?.[1]).sort()).toEqual(names);
});

test('the sweep reads the secret of the heartbeat, and no other function does', () => {
  const policies = propertiesOf(templateOf(OTHER), 'AWS::IAM::Policy');
  const readers = Object.entries(policies).filter(([, policy]) =>
    JSON.stringify(policy).includes(':secret:beat-??????'),
  );
  expect(readers.map(([name]) => name)).toEqual(['SweepRoleDefaultPolicy']);
});

test('no role has a managed policy or a policy of its own besides', () => {
  for (const properties of Object.values(propertiesOf(template, 'AWS::IAM::Role'))) {
    expect(Object.keys(properties).sort()).toEqual(['AssumeRolePolicyDocument', 'Tags']);
  }
});

test.each([
  ['SchedulesRole', 'run-test-trigger'],
  ['SweepScheduleRole', 'run-test-trigger-sweep'],
])('%s is assumed by the schedules of the group %s only', (role, name) => {
  const [group] = Object.keys(
    template.findResources('AWS::Scheduler::ScheduleGroup', { Properties: { Name: name } }),
  );
  expect(propertiesOf(template, 'AWS::IAM::Role')[role].AssumeRolePolicyDocument.Statement).toEqual(
    [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceArn': { 'Fn::GetAtt': [group, 'Arn'] },
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
          },
        },
      },
    ],
  );
});

test('with more webhooks than a role has room for secrets, the rest goes to managed policies', () => {
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].map((type) =>
    Object.entries(propertiesOf(templateOf(HOOKED), type))
      .filter(([id]) => id.startsWith('WebhookRole'))
      .map(([, { PolicyDocument }]) => PolicyDocument.Statement.length),
  );
  expect(policies).toEqual([[44], [26, 15]]);
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

function allowedTo(role: string): string[] {
  const { PolicyDocument } = propertiesOf(template, 'AWS::IAM::Policy')[`${role}DefaultPolicy`];
  return PolicyDocument.Statement.map(({ Action, Resource }: Statement) =>
    [[Action].flat().join(' '), 'on', ...[Resource].flat().map(plain)].join(' '),
  );
}

/** A resource's logical id, an index of it, a secret's ARN, or the text itself. */
function plain(resource: unknown): string {
  if (Object(resource)['Fn::Join']?.[1].includes(':secretsmanager:')) return joined(resource);
  const text = JSON.stringify(resource);
  const [, id = '', index = ''] =
    /"(?:Ref|Fn::GetAtt)":\[?"(\w+)"(?:,"Arn"\]}(?:,"([^"]+)")?)?/.exec(text) ?? [];
  return id === '' ? String(resource) : `${readable(id)}${index}`;
}
