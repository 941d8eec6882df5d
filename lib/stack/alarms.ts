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

/** What fails once is repeated by Lambda, by the next sweep or by the sender: of interest when it goes on. */
const ERRORS = 3;
/** A sender tries a refused delivery a few times; this many are a wrong secret in a busy sender, or somebody guessing. */
const REFUSED_REQUESTS = 200;

/** What the alarms watch. */
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
  /** critical: runs do not happen, or nobody would hear of it. warning: something repairs itself, or waits for a person. */
  readonly severity: 'critical' | 'warning';
  readonly sentence: string;
  /** Its section of docs/runbook.md. */
  readonly section: string;
  readonly metric: IMetric;
  /** The alarm is on from this value. */
  readonly from: number;
  /** Of so many periods in a row; 1 when absent. */
  readonly periods?: number;
  /** On below `from`, and when there is no data at all. */
  readonly whenAbsent?: true;
  /** False: the event bus tells people of each case with its reason, and one message is enough. */
  readonly tells: boolean;
}

/** The stack's alarms. Those that tell send the topic a message when they go on, and another when all is well again. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(scope: Construct, id: string, topic: NotificationTopic, watched: Watched) {
    super(scope, id);
    const rows = [...firingRows(this, watched), ...deliveryRows(watched), ...functionRows(watched)];
    this.all = rows.map((row) => alarmOf(this, row, topic));
  }
}

/** What becomes of firings. */
function firingRows(scope: Construct, { oldestOpenFiring }: Watched): AlarmRow[] {
  const told = (id: string, metric: MetricName, sentence: string): AlarmRow => ({
    id,
    section: id,
    sentence,
    severity: 'critical',
    metric: totalOf(scope, metric, { statistic: 'Sum', period: FIVE_MINUTES }),
    from: 1,
    tells: false,
  });
  return [
    told('start-rejected', 'rejected', 'The API refused to start an execution.'),
    told('start-unresolved', 'unresolved', 'It is not certain whether an execution was started.'),
    told('schedule-missed', 'missed', 'A schedule was due and nothing fired.'),
    told('execution-lost', 'lost', 'An execution did not end in time and is followed no longer.'),
    {
      id: 'oldest-open-firing',
      section: 'oldest-open-firing',
      severity: 'warning',
      sentence: `A firing is open for more than ${oldestOpenFiring.toHours()} hours.`,
      metric: totalOf(scope, 'oldest_open_firing', { statistic: 'Maximum', period: FIVE_MINUTES }),
      from: oldestOpenFiring.toSeconds(),
      tells: true,
    },
  ];
}

/** How occurrences, deliveries and messages get through. */
function deliveryRows({ deadLetters, scheduleGroup, webhook }: Watched): AlarmRow[] {
  const queue = (name: DeadLetters, sentence: string): AlarmRow => ({
    id: `dead-letters-${name}`,
    section: `dead-letters-${name}`,
    severity: 'critical',
    sentence,
    metric: deadLetters[name].metricApproximateNumberOfMessagesVisible({
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
    }),
    from: 1,
    tells: true,
  });
  const scheduler = (id: string, metricName: string, sentence: string) => ({
    id,
    section: id,
    sentence,
    metric: new Metric({
      namespace: 'AWS/Scheduler',
      metricName,
      dimensionsMap: { ScheduleGroup: scheduleGroup },
      statistic: Stats.SUM,
      period: FIVE_MINUTES,
    }),
    from: 1,
    tells: true,
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
      section: 'webhook-refusals',
      severity: 'warning',
      sentence: 'The webhook refuses a flood of requests.',
      metric: webhook.refused.with({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      from: REFUSED_REQUESTS,
      tells: true,
    },
    {
      id: 'webhook-failures',
      section: 'webhook-failures',
      severity: 'critical',
      sentence: 'The webhook fails to answer deliveries.',
      metric: webhook.failed.with({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      from: ERRORS,
      tells: true,
    },
  ];
}

/** How the functions are. */
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
      tells: true,
    }),
  );
  // A sweep of more than a minute throttles the next one, as it shall: what counts is that one runs.
  const throttled = each.filter(([name]) => name !== 'sweep');
  const throttles = throttled.map(
    ([name, fn]): AlarmRow => ({
      id: `function-throttles-${name}`,
      section: 'function-throttles',
      severity: 'warning',
      sentence: `The function ${name} is throttled.`,
      metric: fn.metricThrottles({ period: FIVE_MINUTES }),
      from: 1,
      tells: true,
    }),
  );
  return [
    ...errors,
    ...throttles,
    {
      id: 'sweep-not-running',
      section: 'sweep-not-running',
      severity: 'critical',
      sentence: 'The sweep has not run for five minutes.',
      metric: functions.sweep.metricInvocations({ period: MINUTE }),
      from: 1,
      periods: 5,
      whenAbsent: true,
      tells: true,
    },
  ];
}

function alarmOf(scope: Construct, row: AlarmRow, topic: NotificationTopic): Alarm {
  const alarm = new Alarm(scope, row.id, {
    alarmName: `${Stack.of(scope).stackName}-${row.id}`,
    alarmDescription: `${row.severity.toUpperCase()}: ${row.sentence} Runbook: docs/runbook.md#${row.section}`,
    metric: row.metric,
    threshold: row.from,
    evaluationPeriods: row.periods ?? 1,
    comparisonOperator: row.whenAbsent
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: row.whenAbsent ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  const action = { bind: () => ({ alarmActionArn: topic.arn }) };
  if (row.tells) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  return alarm;
}
