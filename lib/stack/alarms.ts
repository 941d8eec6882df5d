import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { totalOf } from './event-metrics.ts';
import type { FunctionName } from './function-bundle.ts';
import type { MetricName } from './metrics.ts';
import type { NotificationTopic } from './notification-topic.ts';

const FIVE_MINUTES = Duration.minutes(5);
const MINUTE = Duration.minutes(1);

/** A single failure is repeated by Lambda, the next sweep or the sender; only a series needs a person. */
const ERRORS = 3;
/** A sender repeats a refused delivery a few times; this many mean a wrong secret in a busy sender, or an attack. */
const REFUSED_REQUESTS = 200;

export interface Watched {
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
  readonly deadLetters: Readonly<Record<DeadLetters, IQueue>>;
  readonly scheduleGroup: string;
  readonly webhook: { readonly refused: Metric; readonly failed: Metric };
  /** Older than everything that a firing waits for. */
  readonly oldestOpenFiring: Duration;
}

type DeadLetters = 'schedule' | 'trigger' | 'notify';

interface AlarmRow {
  readonly id: string;
  /** critical: runs do not happen, or no message is sent. warning: it repairs itself, or waits for a person. */
  readonly severity: 'critical' | 'warning';
  readonly sentence: string;
  /** Its section of docs/runbook.md, where it is not the id. */
  readonly section?: string;
  readonly metric: IMetric;
  /** The alarm is on from this value. */
  readonly from: number;
  /** How many periods in a row; 1 when absent. */
  readonly periods?: number;
  /** On below `from`, and when there is no data at all. */
  readonly whenAbsent?: true;
  /** False: people get a message for each case from the event bus, so the alarm sends none. */
  readonly notifies: boolean;
}

/** The stack's alarms. Those that notify send the topic a message when they start, and another when they end. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, topic: NotificationTopic, watched: Watched) {
    super(scope, id);
    const rows = [...firingRows(this, watched), ...deliveryRows(watched), ...functionRows(watched)];
    this.all = rows.map((row) => alarmOf(this, row, topic));
    topic.grantPublishToAlarms(
      rows.filter(({ notifies }) => notifies).map(({ id }) => nameOf(this, id)),
    );
  }
}

function firingRows(scope: Construct, { oldestOpenFiring }: Watched): AlarmRow[] {
  const problem = (id: string, metric: MetricName, sentence: string): AlarmRow => ({
    id,
    sentence,
    severity: 'critical',
    metric: totalOf(scope, metric, { statistic: 'Sum', period: FIVE_MINUTES }),
    from: 1,
    notifies: false,
  });
  return [
    problem('start-rejected', 'rejected', 'The API refused to start an execution.'),
    problem(
      'start-unresolved',
      'unresolved',
      'It is not certain whether an execution was started.',
    ),
    problem('schedule-missed', 'missed', 'A schedule was due and nothing fired.'),
    problem(
      'execution-lost',
      'lost',
      'An execution did not end in time and is followed no longer.',
    ),
    {
      id: 'oldest-open-firing',
      severity: 'warning',
      sentence: `A firing is open for more than ${oldestOpenFiring.toHours()} hours.`,
      metric: totalOf(scope, 'oldest_open_firing', { statistic: 'Maximum', period: FIVE_MINUTES }),
      from: oldestOpenFiring.toSeconds(),
      notifies: true,
    },
  ];
}

function deliveryRows({ deadLetters, scheduleGroup, webhook }: Watched): AlarmRow[] {
  const queue = (name: DeadLetters, sentence: string): AlarmRow => ({
    id: `dead-letters-${name}`,
    severity: 'critical',
    sentence,
    metric: deadLetters[name].metricApproximateNumberOfMessagesVisible({
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
    }),
    from: 1,
    notifies: true,
  });
  const scheduler = (id: string, metricName: string, sentence: string) => ({
    id,
    sentence,
    metric: new Metric({
      namespace: 'AWS/Scheduler',
      metricName,
      dimensionsMap: { ScheduleGroup: scheduleGroup },
      statistic: Stats.SUM,
      period: FIVE_MINUTES,
    }),
    from: 1,
    notifies: true,
  });
  return [
    queue('schedule', 'A scheduled occurrence was given up before it reached a function.'),
    queue('trigger', 'An event was given up: its firing could not be recorded.'),
    queue('notify', 'A message for people was given up.'),
    {
      severity: 'warning',
      ...scheduler('schedule-target-errors', 'TargetErrorCount', 'Lambda refused an invocation.'),
    },
    {
      severity: 'critical',
      ...scheduler(
        'schedule-dropped',
        'InvocationDroppedCount',
        'EventBridge Scheduler gave up an invocation.',
      ),
    },
    {
      id: 'webhook-refusals',
      severity: 'warning',
      sentence: 'The webhook refuses a flood of requests.',
      metric: webhook.refused.with({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      from: REFUSED_REQUESTS,
      notifies: true,
    },
    {
      id: 'webhook-failures',
      severity: 'critical',
      sentence: 'The webhook fails to answer deliveries.',
      metric: webhook.failed.with({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      from: ERRORS,
      notifies: true,
    },
  ];
}

function functionRows({ functions }: Watched): AlarmRow[] {
  const each = Object.entries(functions);
  const errors = each.map(
    ([name, fn]): AlarmRow => ({
      id: `function-errors-${name}`,
      section: 'function-errors',
      severity: 'warning',
      sentence: `The function ${name} fails again and again.`,
      metric: fn.metricErrors({ period: FIVE_MINUTES }),
      from: ERRORS,
      notifies: true,
    }),
  );
  // A sweep of more than a minute throttles the next one, and a busy starter has a queue: both are intended.
  const throttled = each.filter(([name]) => name !== 'sweep' && name !== 'starter');
  const throttles = throttled.map(
    ([name, fn]): AlarmRow => ({
      id: `function-throttles-${name}`,
      section: 'function-throttles',
      severity: 'warning',
      sentence: `The function ${name} is throttled.`,
      metric: fn.metricThrottles({ period: FIVE_MINUTES }),
      from: 1,
      notifies: true,
    }),
  );
  return [
    ...errors,
    ...throttles,
    {
      id: 'sweep-not-running',
      severity: 'critical',
      sentence: 'The sweep has not run for five minutes.',
      metric: functions.sweep.metricInvocations({ period: MINUTE }),
      from: 1,
      periods: 5,
      whenAbsent: true,
      notifies: true,
    },
  ];
}

function alarmOf(scope: Construct, row: AlarmRow, topic: NotificationTopic): Alarm {
  const alarm = new Alarm(scope, row.id, {
    alarmName: nameOf(scope, row.id),
    alarmDescription: `${row.severity.toUpperCase()}: ${row.sentence} Runbook: docs/runbook.md#${row.section ?? row.id}`,
    metric: row.metric,
    threshold: row.from,
    evaluationPeriods: row.periods ?? 1,
    comparisonOperator: row.whenAbsent
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: row.whenAbsent ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  const action = { bind: () => ({ alarmActionArn: topic.arn }) };
  if (row.notifies) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  return alarm;
}

function nameOf(scope: Construct, id: string): string {
  return `${Stack.of(scope).stackName}-${id}`;
}
