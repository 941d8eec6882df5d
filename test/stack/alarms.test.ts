import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CONFIG, NIGHTLY, propertiesOf, templateOf } from './synthesized.ts';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: unknown;
  readonly OKActions?: unknown;
  readonly Threshold: number;
  readonly [property: string]: unknown;
}

function alarmsIn(template = templateOf()): Record<string, AlarmProperties> {
  const alarms: AlarmProperties[] = Object.values(propertiesOf(template, 'AWS::CloudWatch::Alarm'));
  return Object.fromEntries(
    alarms.map((alarm) => [alarm.AlarmName.replace('run-test-trigger-', ''), alarm]),
  );
}

const alarms = alarmsIn();

test('every alarm says its severity, what is wrong and where the runbook tells what to do', () => {
  const descriptions = Object.entries(alarms).map(
    ([id, { AlarmDescription }]) => `${id}: ${AlarmDescription}`,
  );
  expect(descriptions).toEqual([
    'start-rejected: CRITICAL: The API refused to start an execution. Runbook: docs/runbook.md#start-rejected',
    'start-unresolved: CRITICAL: It is not certain whether an execution was started. Runbook: docs/runbook.md#start-unresolved',
    'schedule-missed: CRITICAL: A schedule was due and nothing fired. Runbook: docs/runbook.md#schedule-missed',
    'execution-lost: CRITICAL: An execution did not end in time and is followed no longer. Runbook: docs/runbook.md#execution-lost',
    'oldest-open-firing: WARNING: A firing is open for more than 8 hours. Runbook: docs/runbook.md#oldest-open-firing',
    'dead-letters-schedule: CRITICAL: A scheduled occurrence was given up before it reached a function. Runbook: docs/runbook.md#dead-letters-schedule',
    'dead-letters-trigger: CRITICAL: An event was given up: its firing could not be recorded. Runbook: docs/runbook.md#dead-letters-trigger',
    'dead-letters-notify: CRITICAL: A message for people was given up. Runbook: docs/runbook.md#dead-letters-notify',
    'schedule-target-errors: WARNING: Lambda refused an invocation. Runbook: docs/runbook.md#schedule-target-errors',
    'schedule-dropped: CRITICAL: EventBridge Scheduler gave up an invocation. Runbook: docs/runbook.md#schedule-dropped',
    'webhook-refusals: WARNING: The webhook refuses a flood of requests. Runbook: docs/runbook.md#webhook-refusals',
    'webhook-failures: CRITICAL: The webhook fails to answer deliveries. Runbook: docs/runbook.md#webhook-failures',
    'function-errors-trigger: WARNING: The function trigger fails again and again. Runbook: docs/runbook.md#function-errors',
    'function-errors-webhook: WARNING: The function webhook fails again and again. Runbook: docs/runbook.md#function-errors',
    'function-errors-starter: WARNING: The function starter fails again and again. Runbook: docs/runbook.md#function-errors',
    'function-errors-sweep: WARNING: The function sweep fails again and again. Runbook: docs/runbook.md#function-errors',
    'function-errors-notify: WARNING: The function notify fails again and again. Runbook: docs/runbook.md#function-errors',
    'function-throttles-trigger: WARNING: The function trigger is throttled. Runbook: docs/runbook.md#function-throttles',
    'function-throttles-webhook: WARNING: The function webhook is throttled. Runbook: docs/runbook.md#function-throttles',
    'function-throttles-notify: WARNING: The function notify is throttled. Runbook: docs/runbook.md#function-throttles',
    'sweep-not-running: CRITICAL: The sweep has not run for five minutes. Runbook: docs/runbook.md#sweep-not-running',
  ]);
});

describe('the runbook', () => {
  const text = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const sections = text.split(/^## /m).slice(1);

  test('has a section for every alarm, and no other', () => {
    const named = Object.values(alarms).map(
      ({ AlarmDescription }) => AlarmDescription.split('docs/runbook.md#')[1],
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
  ['function-throttles-notify', { MetricName: 'Throttles', Threshold: 1 }],
  [
    'sweep-not-running',
    {
      Namespace: 'AWS/Lambda',
      MetricName: 'Invocations',
      Period: 60,
      EvaluationPeriods: 5,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    },
  ],
])('%s watches this', (id, properties) => {
  expect(alarms[id]).toMatchObject(properties);
});

test.each([
  ['by default', {}, 8],
  ['when nothing is followed', { follow: false }, 2],
  ['when an execution may take two days', { maxDurationMinutes: 2_880 }, 50],
])('a firing is too old %s', (_, settings, hours) => {
  const triggers = { nightly: { ...NIGHTLY, ...settings } };
  const { 'oldest-open-firing': alarm } = alarmsIn(templateOf({ ...CONFIG, triggers }));
  expect(alarm?.Threshold).toBe(hours * 3_600);
});
