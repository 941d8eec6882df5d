import { readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { CONFIG, joined, OTHER, propertiesOf, SILENT, templateOf, WATCHED } from './synthesized.ts';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: unknown;
  readonly AlarmActions?: unknown;
  readonly OKActions?: unknown;
  readonly Threshold: number;
  readonly [property: string]: unknown;
}

function alarmsIn(template: Template): Record<string, AlarmProperties> {
  const alarms: AlarmProperties[] = Object.values(propertiesOf(template, 'AWS::CloudWatch::Alarm'));
  return Object.fromEntries(
    alarms.map((alarm) => [alarm.AlarmName.replace('run-test-trigger-', ''), alarm]),
  );
}

const alarms = alarmsIn(templateOf(WATCHED));
const CONSOLE = 'https://<Region>.console.aws.amazon.com';

test('by default there are the alarms that need a person now', () => {
  expect(Object.keys(alarmsIn(templateOf()))).toEqual([
    'dead-letters-schedule',
    'dead-letters-trigger',
    'dead-letters-notify',
    'schedule-dropped',
    'webhook-failures',
    'oldest-open-firing',
    'sweep-not-running',
  ]);
});

test('every alarm says its severity, what is wrong and where the runbook tells what to do', () => {
  const said = Object.entries(alarms).map(([id, { AlarmDescription }]) => {
    const [, sentence, section] =
      /^(.+) Runbook: https:\/\/git\.example\.com\/runbook\.md#(\S+) Look: \S+$/.exec(
        joined(AlarmDescription),
      ) ?? [];
    return `${id}: ${sentence} #${section}`;
  });
  expect(said).toEqual([
    'start-rejected: CRITICAL: The API refused to start an execution. #start-rejected',
    'start-unresolved: CRITICAL: It is not certain whether an execution was started. #start-unresolved',
    'schedule-missed: CRITICAL: A schedule was due and nothing fired. #schedule-missed',
    'execution-lost: CRITICAL: An execution did not end in time and is followed no longer. #execution-lost',
    'schedule-target-errors: WARNING: Lambda refused an invocation. #schedule-target-errors',
    'webhook-refusals: WARNING: The webhook refuses a flood of requests. #webhook-refusals',
    'function-errors-trigger: WARNING: The function trigger fails again and again. #function-errors',
    'function-errors-webhook: WARNING: The function webhook fails again and again. #function-errors',
    'function-errors-starter: WARNING: The function starter fails again and again. #function-errors',
    'function-errors-sweep: WARNING: The function sweep fails again and again. #function-errors',
    'function-errors-notify: WARNING: The function notify fails again and again. #function-errors',
    'function-throttles-trigger: WARNING: The function trigger is throttled. #function-throttles',
    'function-throttles-webhook: WARNING: The function webhook is throttled. #function-throttles',
    'function-throttles-notify: WARNING: The function notify is throttled. #function-throttles',
    'dead-letters-schedule: CRITICAL: A scheduled occurrence was given up before it reached a function. #dead-letters-schedule',
    'dead-letters-trigger: CRITICAL: An event was given up: its firing could not be recorded. #dead-letters-trigger',
    'dead-letters-notify: CRITICAL: A message for people was given up. #dead-letters-notify',
    'schedule-dropped: CRITICAL: EventBridge Scheduler gave up an occurrence of a trigger. #schedule-dropped',
    'webhook-failures: CRITICAL: The webhook fails to answer deliveries. #webhook-failures',
    'oldest-open-firing: WARNING: A firing is open for more than 8 hours. #oldest-open-firing',
    'sweep-not-running: CRITICAL: No sweep has ended well for ten minutes. #sweep-not-running',
  ]);
});

test.each([
  [
    'function-errors-trigger',
    `${CONSOLE}/lambda/home?region=<Region>#/functions/<TriggerFunction>?tab=monitoring`,
  ],
  [
    'dead-letters-trigger',
    `${CONSOLE}/sqs/v3/home?region=<Region>#/queues/https%3A%2F%2Fsqs.<Region>.<URLSuffix>%2F<AccountId>%2F<TriggerDeadLetters.QueueName>`,
  ],
  [
    'oldest-open-firing',
    `${CONSOLE}/cloudwatch/home?region=<Region>#logsV2:log-groups/log-group/<SweepLog>`,
  ],
])('%s leads to its place in the console', (id, link) => {
  expect(joined(alarms[id]?.AlarmDescription).split(' Look: ')[1]).toBe(link);
});

describe('the runbook', () => {
  const text = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const sections = text.split(/^## /m).slice(1);

  test('has a section for every alarm, and no other', () => {
    const named = Object.values(alarms).map(
      ({ AlarmDescription }) => /runbook\.md#(\S+)/.exec(joined(AlarmDescription))?.[1],
    );
    const titles = sections.map((section) => section.split('\n')[0]);
    expect(titles.toSorted()).toEqual([...new Set(named)].toSorted());
  });

  test.each(sections.map((section) => [section.split('\n')[0], section]))(
    '%s says what it means, how to look and what to do',
    (_, section) => {
      expect(section.match(/^\*\*[^*]+\*\*/gm)).toEqual([
        '**What it means.**',
        '**How to look.**',
        '**What to do.**',
      ]);
    },
  );
});

test('an alarm tells people when it goes on and when all is well, unless the event bus does', () => {
  const topic = [{ Ref: expect.stringMatching(/^NotificationsTopic/) }];
  const silent = Object.entries(alarms).flatMap(([id, { AlarmActions, OKActions }]) => {
    expect(AlarmActions).toEqual(OKActions);
    if (AlarmActions === undefined) return [id];
    expect(AlarmActions).toEqual(topic);
    return [];
  });
  expect(silent).toEqual([
    'start-rejected',
    'start-unresolved',
    'schedule-missed',
    'execution-lost',
  ]);
});

test.each([
  [
    'start-rejected',
    {
      Namespace: 'run-test-trigger',
      MetricName: 'rejected',
      Statistic: 'Sum',
      Period: 300,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    },
  ],
  [
    'dead-letters-trigger',
    {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Threshold: 1,
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': [expect.stringMatching(/^TriggerDeadLetters/), 'QueueName'] },
        },
      ],
    },
  ],
  [
    'schedule-dropped',
    {
      Namespace: 'AWS/Scheduler',
      MetricName: 'InvocationDroppedCount',
      Threshold: 1,
      Dimensions: [{ Name: 'ScheduleGroup', Value: { Ref: 'ScheduleGroup' } }],
    },
  ],
  ['schedule-target-errors', { Namespace: 'AWS/Scheduler', MetricName: 'TargetErrorCount' }],
  ['webhook-refusals', { Namespace: 'AWS/ApiGateway', MetricName: '4xx', Threshold: 200 }],
  ['webhook-failures', { Namespace: 'AWS/ApiGateway', MetricName: '5xx', Threshold: 3 }],
  ['function-errors-notify', { Namespace: 'AWS/Lambda', MetricName: 'Errors', Threshold: 3 }],
  ['function-throttles-trigger', { Threshold: 1, Period: 300, EvaluationPeriods: 3 }],
  ['function-throttles-webhook', { Threshold: 1, Period: 300, EvaluationPeriods: 1 }],
  [
    'sweep-not-running',
    {
      Metrics: [
        expect.objectContaining({ Expression: 'invocations - errors' }),
        {
          Id: 'invocations',
          ReturnData: false,
          MetricStat: expect.objectContaining({
            Metric: expect.objectContaining({ Namespace: 'AWS/Lambda', MetricName: 'Invocations' }),
            Period: 60,
            Stat: 'Sum',
          }),
        },
        {
          Id: 'errors',
          ReturnData: false,
          MetricStat: expect.objectContaining({
            Metric: expect.objectContaining({ Namespace: 'AWS/Lambda', MetricName: 'Errors' }),
            Period: 60,
            Stat: 'Sum',
          }),
        },
      ],
      EvaluationPeriods: 10,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'missing',
    },
  ],
])('%s watches this', (id, properties) => {
  expect(alarms[id]).toMatchObject(properties);
});

test.each([
  ['by default', CONFIG, 8],
  ['when nothing is followed', OTHER, 2],
  ['when an execution of one trigger may take two days', SILENT, 50],
])('a firing is too old %s', (_, config, hours) => {
  const { 'oldest-open-firing': alarm } = alarmsIn(templateOf(config));
  expect(alarm?.Threshold).toBe(hours * 3_600);
});

test('no alarm is on when it is created: only the sweep’s tells that data is missing, and not before there was any', () => {
  const told = Object.entries(alarms).filter(([, each]) => each.InsufficientDataActions);
  expect(told.map(([id, { InsufficientDataActions }]) => [id, InsufficientDataActions])).toEqual([
    ['sweep-not-running', alarms['sweep-not-running']?.AlarmActions],
  ]);
  const treatments = Object.values(alarms).map(({ TreatMissingData }) => TreatMissingData);
  expect(treatments.filter((each) => each === 'breaching')).toEqual([]);
});
