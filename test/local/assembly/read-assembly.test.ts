import { describe, expect, test } from 'vitest';
import { readAssembly } from '../../../lib/local/assembly/read-assembly.ts';
import { functionProperties, handWrittenStack, writeStack } from '../hand-written-stack.ts';

const ANSWERS = 'export const handler = async () => "ok";';

describe('a template', () => {
  test('gives its functions with their environment resolved', () => {
    const template = writeStack(
      { Trigger: ANSWERS },
      {
        Queue: { Type: 'AWS::SQS::Queue' },
        Trigger: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            ...functionProperties('Trigger'),
            FunctionName: 'stack-trigger',
            ReservedConcurrentExecutions: 5,
            Environment: {
              Variables: {
                QUEUE: { Ref: 'Queue' },
                QUEUE_ARN: { 'Fn::GetAtt': ['Queue', 'Arn'] },
                JOINED: { 'Fn::Join': ['-', ['in', { Ref: 'AWS::Region' }]] },
                SUB: { 'Fn::Sub': `\${AWS::StackName}/\${Queue}` },
              },
            },
          },
        },
        Retries: {
          Type: 'AWS::Lambda::EventInvokeConfig',
          Properties: {
            FunctionName: { Ref: 'Trigger' },
            MaximumRetryAttempts: 1,
            MaximumEventAgeInSeconds: 600,
            DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Queue', 'Arn'] } } },
          },
        },
      },
    );
    expect(readAssembly(template, 'stack').functions).toEqual([
      {
        arn: 'arn:aws:lambda:us-east-1:000000000000:function:stack-trigger',
        name: 'stack-trigger',
        label: 'trigger',
        handler: 'handler.handler',
        runtime: 'nodejs24.x',
        assetDirectory: template.replace('stack.template.json', 'asset.Trigger'),
        timeoutSeconds: 5,
        memoryMb: 256,
        logLevel: 'INFO',
        reservedConcurrency: 5,
        environment: {
          QUEUE: 'stack-Queue',
          QUEUE_ARN: 'arn:aws:sqs:us-east-1:000000000000:stack-Queue',
          JOINED: 'in-us-east-1',
          SUB: 'stack/stack-Queue',
        },
        asynchronous: {
          retries: 1,
          maxEventAgeSeconds: 600,
          onFailure: 'arn:aws:sqs:us-east-1:000000000000:stack-Queue',
        },
      },
    ]);
  });

  test('gives its schedules in the form of the triggers file', () => {
    const { schedules } = handWrittenStack(
      { Trigger: ANSWERS },
      {
        Nightly: {
          Type: 'AWS::Scheduler::Schedule',
          Properties: {
            Name: 'nightly.early',
            ScheduleExpression: 'cron(0 2 ? * MON-FRI *)',
            ScheduleExpressionTimezone: 'America/New_York',
            FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 15 },
            StartDate: '2026-12-01T00:00:00.000Z',
            State: 'DISABLED',
            Target: {
              Arn: { 'Fn::GetAtt': ['Trigger', 'Arn'] },
              Input: '{"trigger":"nightly"}',
              RetryPolicy: { MaximumEventAgeInSeconds: 600 },
            },
          },
        },
      },
    );
    expect(schedules).toEqual([
      {
        name: 'nightly.early',
        schedule: {
          expression: 'cron(0 2 ? * MON-FRI *)',
          times: {
            kind: 'cron',
            minutes: [0],
            hours: [2],
            day: { kind: 'weekdays', weekdays: [2, 3, 4, 5, 6] },
          },
          timezone: 'America/New_York',
          flexibleWindowMinutes: 15,
          start: '2026-12-01T00:00:00.000Z',
          enabled: false,
        },
        functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:stack-Trigger',
        input: '{"trigger":"nightly"}',
        maxEventAgeSeconds: 600,
      },
    ]);
  });
});

test('a template gives its buses and the rules on them that are enabled', () => {
  const rule = (State: string) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      EventBusName: { Ref: 'Bus' },
      EventPattern: { detail: { repeated: [false] } },
      State,
      Targets: [{ Id: 'notify', Arn: { 'Fn::GetAtt': ['Trigger', 'Arn'] } }],
    },
  });
  const { buses, rules } = handWrittenStack(
    { Trigger: ANSWERS },
    {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'service' } },
      On: rule('ENABLED'),
      Off: rule('DISABLED'),
    },
  );
  expect(buses).toEqual(['default', 'service']);
  expect(rules).toEqual([
    {
      bus: 'service',
      pattern: { detail: { repeated: [false] } },
      targets: [
        {
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:stack-Trigger',
          input: undefined,
        },
      ],
    },
  ]);
});

describe('what the local run cannot imitate', () => {
  function functionWith(changes: object) {
    const Properties = { ...functionProperties('Trigger'), ...changes };
    return { Other: { Type: 'AWS::Lambda::Function', Properties } };
  }

  function routes(...keys: string[]) {
    const IntegrationUri = { 'Fn::GetAtt': ['Trigger', 'Arn'] };
    const to = { IntegrationType: 'AWS_PROXY', IntegrationUri, PayloadFormatVersion: '2.0' };
    const list = keys.map((RouteKey, index) => {
      const Target = { 'Fn::Join': ['/', ['integrations', { Ref: 'To' }]] };
      return [`R${index}`, { Type: 'AWS::ApiGatewayV2::Route', Properties: { RouteKey, Target } }];
    });
    return {
      To: { Type: 'AWS::ApiGatewayV2::Integration', Properties: to },
      ...Object.fromEntries(list),
    };
  }

  test.each([
    {
      what: 'a resource type',
      resources: { Stream: { Type: 'AWS::Kinesis::Stream' }, Vpc: { Type: 'AWS::EC2::VPC' } },
      message:
        'The local run cannot imitate AWS::Kinesis::Stream Stream, AWS::EC2::VPC Vpc: add it to lib/local/assembly/read-assembly.ts',
    },
    {
      what: 'a runtime',
      resources: functionWith({ Runtime: 'python3.13' }),
      message:
        'AWS::Lambda::Function Other:\n✖ Invalid input: expected "nodejs24.x"\n  → at Runtime',
    },
    {
      what: 'a layer',
      resources: functionWith({ Layers: ['arn:layer'] }),
      message: 'AWS::Lambda::Function Other:\n✖ Invalid input: expected never, received array',
    },
    {
      what: 'an intrinsic function',
      resources: functionWith({ Timeout: { 'Fn::ImportValue': 'x' } }),
      message: 'The local run cannot evaluate Fn::ImportValue: "x"',
    },
    {
      what: 'a substitution of more than references',
      resources: functionWith({ Timeout: { 'Fn::Sub': `\${Queue.Arn}` } }),
      message: `The local run cannot evaluate Fn::Sub: "\${Queue.Arn}"`,
    },
    {
      what: 'a rule that rewrites events',
      resources: {
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: {
            EventBusName: 'service',
            EventPattern: { source: ['a'] },
            Targets: [
              { Id: 'a', Arn: { 'Fn::GetAtt': ['Trigger', 'Arn'] }, InputPath: '$.detail' },
            ],
          },
        },
      },
      message: 'AWS::Events::Rule Rule:\n✖ Invalid input: expected never, received string',
    },
    {
      what: 'a route for every method',
      resources: routes('ANY /a'),
      message: 'AWS::ApiGatewayV2::Route R0:\n✖ must be METHOD /path/{parameter}',
    },
    {
      what: 'routes of which one request may match two',
      resources: routes('POST /a/{x}', 'GET /a/b', 'POST /{y}/b', 'POST /c/b/d'),
      message:
        'The local run cannot imitate routes that one request may match: POST /a/{x}, POST /{y}/b',
    },
    {
      what: 'a schedule with another target',
      resources: {
        Queue: { Type: 'AWS::SQS::Queue' },
        Nightly: {
          Type: 'AWS::Scheduler::Schedule',
          Properties: {
            ScheduleExpression: 'rate(1 minute)',
            FlexibleTimeWindow: { Mode: 'OFF' },
            Target: { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } },
          },
        },
      },
      message:
        'AWS::Scheduler::Schedule Nightly invokes arn:aws:sqs:us-east-1:000000000000:stack-Queue, which is not a function of this stack',
    },
  ])('is refused by name: $what', ({ resources, message }) => {
    expect(() => handWrittenStack({ Trigger: ANSWERS }, resources)).toThrow(message);
  });
});
