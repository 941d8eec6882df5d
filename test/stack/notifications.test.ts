import type { Template } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { NIGHTLY, OTHER, propertiesOf, SILENT, templateOf } from './synthesized.ts';

const template = templateOf();
const logicalId = (id: string) => expect.stringMatching(new RegExp(`^${id}[0-9A-F]{8}$`));

test('the rule takes the chosen kinds, and no repetition, to the notify function', () => {
  expect(Object.values(propertiesOf(template, 'AWS::Events::Rule'))).toMatchObject([
    {
      EventBusName: { Ref: logicalId('EventsBus') },
      EventPattern: {
        source: ['run-test-trigger'],
        detail: {
          kind: ['failed', 'missed', 'several'],
          repeated: [false],
          told_in: [{ exists: false }],
          held: [{ exists: false }],
        },
      },
      Targets: [
        {
          Arn: { 'Fn::GetAtt': [logicalId('NotificationsNotifyFunction'), 'Arn'] },
          DeadLetterConfig: {
            Arn: { 'Fn::GetAtt': [logicalId('NotificationsDeadLetters'), 'Arn'] },
          },
        },
      ],
    },
  ]);
});

test('only that rule may invoke the function and write dead letters for it', () => {
  const rule = { 'Fn::GetAtt': [logicalId('NotificationsRule'), 'Arn'] };
  template.hasResourceProperties('AWS::Lambda::Permission', {
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': ruleId() },
  });
  const { NotificationsDeadLettersPolicy: policy } = propertiesOf(
    template,
    'AWS::SQS::QueuePolicy',
  );
  expect(policy.PolicyDocument.Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': [rule] } },
    }),
  );
});

function ruleId(): unknown[] {
  const [id] = Object.keys(template.findResources('AWS::Events::Rule'));
  return [id, 'Arn'];
}

test('without anything to tell there is no rule', () => {
  templateOf(SILENT).resourceCountIs('AWS::Events::Rule', 0);
});

test('events of changes go to the function for their commits, also when nobody else is told of them', () => {
  const commitStatus = { secret: 'github-token', baseUrl: 'https://api.github.com' };
  const webhook = { verify: 'github', secret: 'hooks/github', commitStatus } as const;
  const stack = templateOf({ ...SILENT, triggers: { nightly: { ...NIGHTLY, webhook } } });
  expect(Object.values(propertiesOf(stack, 'AWS::Events::Rule'))).toMatchObject([
    {
      EventPattern: { detail: { change: { commit: [{ exists: true }] } } },
      Targets: [
        {
          InputTransformer: {
            InputTemplate: '{"to":"commit","event":<aws.events.event.json>}',
          },
        },
      ],
    },
  ]);
  expect(JSON.stringify(propertiesOf(stack, 'AWS::IAM::Policy'))).toContain('github-token-??????');
});

test('the addresses of the file are subscribed to the topic', () => {
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'qa@example.com',
  });
});

test('the addresses of a trigger get its messages and tests only, each in one subscription', () => {
  const subscriptions = Object.values(propertiesOf(templateOf(OTHER), 'AWS::SNS::Subscription'));
  expect(subscriptions).toMatchObject([
    { Endpoint: 'qa@example.com' },
    { Endpoint: 'team@example.com', FilterPolicy: { trigger: ['nightly', 'other', '/test'] } },
  ]);
  expect(subscriptions[0]).not.toHaveProperty('FilterPolicy');
});

test('the topic is encrypted with the key that the file names, else not by a key of the account', () => {
  const keyOf = (stack: Template) => {
    stack.resourceCountIs('AWS::KMS::Key', 0);
    const [topic] = Object.values(propertiesOf(stack, 'AWS::SNS::Topic'));
    return { key: topic?.KmsMasterKeyId, policies: JSON.stringify(stack.toJSON()) };
  };
  const arn = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd';
  const own = keyOf(templateOf(OTHER));
  expect(own.key).toBe(arn);
  expect(own.policies).toContain(
    `{"Action":["kms:Decrypt","kms:GenerateDataKey"],"Effect":"Allow","Resource":"${arn}"}`,
  );
  const none = keyOf(template);
  expect(none.key).toBeUndefined();
  expect(none.policies).not.toContain('kms:');
});

test('the topic takes messages over TLS only, and of services only from the alarms of this stack', () => {
  const [policy] = Object.values(propertiesOf(template, 'AWS::SNS::TopicPolicy'));
  expect(policy?.PolicyDocument.Statement).toMatchObject([
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    {
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: 'sns:Publish',
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
  ]);
});

test('a channel has a rule of its own, and the function may read its secret and no other', () => {
  const own = templateOf(OTHER);
  own.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      detail: { kind: ['missed', 'several'], repeated: [false], told_in: [{ exists: false }] },
    },
    Targets: [
      {
        InputTransformer: {
          InputTemplate: '{"channel":"on-call","event":<aws.events.event.json>}',
        },
      },
    ],
  });
  const policies = JSON.stringify(propertiesOf(own, 'AWS::IAM::Policy'));
  expect(policies.match(/secret:notify\/on-call/g)).toHaveLength(1);
});

test('a summary has its rule also where nothing else is told', () => {
  const summary = {
    expression: 'daily 08:00',
    times: { kind: 'cron', minutes: [0], hours: [8] },
  } as const;
  const daily = templateOf({ ...SILENT, notify: { ...SILENT.notify, summary } });
  daily.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: { detail: { kind: ['several', 'summary'] } },
  });
});
