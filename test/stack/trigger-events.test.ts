import { expect, test } from 'vitest';
import { CONFIG, NIGHTLY, propertiesOf, templateOf } from './synthesized.ts';

const { webhook: _, ...UNHOOKED } = NIGHTLY;
const pattern = { source: ['aws.codepipeline'], detail: { state: ['SUCCEEDED'] } };
const template = templateOf({
  ...CONFIG,
  notify: { ...CONFIG.notify, on: [] },
  triggers: {
    nightly: { ...NIGHTLY, events: [{ pattern, bus: 'default' }] },
    later: { ...UNHOOKED, events: [{ after: 'nightly', kinds: ['passed'] }] },
  },
});
const logicalId = (id: string) => expect.stringMatching(new RegExp(`^${id}[0-9A-F]{8}$`));
const arnOf = (id: string) => ({ 'Fn::GetAtt': [logicalId(id), 'Arn'] });

test('each of a trigger’s events is a rule with the pattern as it is written', () => {
  const target = {
    Id: 'trigger',
    Arn: arnOf('TriggerFunction'),
    RetryPolicy: { MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 1800 },
    DeadLetterConfig: { Arn: arnOf('TriggerDeadLetters') },
  };
  expect(Object.values(propertiesOf(template, 'AWS::Events::Rule'))).toEqual([
    {
      Description: 'Which events fire nightly (events[0] in the triggers file)',
      EventBusName: 'default',
      EventPattern: pattern,
      Targets: [
        {
          ...target,
          InputTransformer: {
            InputTemplate: '{"trigger":"nightly","rule":0,"event":<aws.events.event.json>}',
          },
        },
      ],
      Tags: expect.anything(),
    },
    {
      Description: 'Which events fire later (events[0] in the triggers file)',
      EventBusName: { Ref: logicalId('EventsBus') },
      EventPattern: {
        source: ['run-test-trigger'],
        detail: { kind: ['passed'], trigger: ['nightly'] },
      },
      Targets: [
        {
          ...target,
          InputTransformer: {
            InputTemplate: '{"trigger":"later","rule":0,"event":<aws.events.event.json>}',
          },
        },
      ],
      Tags: expect.anything(),
    },
  ]);
});

test('only these rules may invoke the function and write dead letters for it', () => {
  const rules = ['TriggerEventsnightly0', 'TriggerEventslater0'];
  const permissions = Object.values(propertiesOf(template, 'AWS::Lambda::Permission')).filter(
    ({ Principal }) => Principal === 'events.amazonaws.com',
  );
  expect(permissions).toEqual(
    rules.map((rule) => ({
      Action: 'lambda:InvokeFunction',
      FunctionName: arnOf('TriggerFunction'),
      Principal: 'events.amazonaws.com',
      SourceArn: arnOf(rule),
    })),
  );
  const { TriggerDeadLettersPolicy: policy } = propertiesOf(template, 'AWS::SQS::QueuePolicy');
  expect(policy.PolicyDocument.Statement).toContainEqual({
    Effect: 'Allow',
    Action: 'sqs:SendMessage',
    Principal: { Service: 'events.amazonaws.com' },
    Resource: arnOf('TriggerDeadLetters'),
    Condition: { ArnEquals: { 'aws:SourceArn': rules.map(arnOf) } },
  });
});
