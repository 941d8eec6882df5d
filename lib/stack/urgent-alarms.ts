import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import {
  type AlarmRow,
  type DeadLetters,
  ERRORS,
  FIVE_MINUTES,
  type Watched,
} from './alarm-row.ts';
import { consoleLink } from './console-link.ts';
import { totalOf } from './event-metrics.ts';

/** The alarms that every stack has: what needs a person now. */
export function urgentAlarms(scope: Construct, watched: Watched): AlarmRow[] {
  const { deadLetters, functions, scheduleGroup, webhook } = watched;
  const queue = (name: DeadLetters, sentence: string): AlarmRow => ({
    id: `dead-letters-${name}`,
    severity: 'critical',
    sentence,
    link: consoleLink.queue(deadLetters[name]),
    metric: deadLetters[name].metricApproximateNumberOfMessagesVisible({
      statistic: Stats.MAXIMUM,
      period: FIVE_MINUTES,
    }),
    from: 1,
  });
  return [
    queue('schedule', 'A scheduled occurrence was given up before it reached a function.'),
    queue('trigger', 'An event was given up: its firing could not be recorded.'),
    queue('notify', 'A message for people was given up.'),
    {
      id: 'schedule-dropped',
      severity: 'critical',
      sentence: 'EventBridge Scheduler gave up an occurrence of a trigger.',
      link: consoleLink.queue(deadLetters.schedule),
      metric: schedulerMetric('InvocationDroppedCount', scheduleGroup),
      from: 1,
    },
    {
      id: 'webhook-failures',
      severity: 'critical',
      sentence: 'The webhook fails to answer deliveries.',
      link: consoleLink.function(functions.webhook),
      metric: webhook.failed.with({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      from: ERRORS,
    },
    oldestOpenFiring(scope, watched),
    sweepNotRunning(functions.sweep),
  ];
}

/** How often EventBridge Scheduler did this with the schedules of a group. */
export function schedulerMetric(metricName: string, group: string): Metric {
  return new Metric({
    namespace: 'AWS/Scheduler',
    metricName,
    dimensionsMap: { ScheduleGroup: group },
    statistic: Stats.SUM,
    period: FIVE_MINUTES,
  });
}

function oldestOpenFiring(
  scope: Construct,
  { oldestOpenFiring: age, sweepLog }: Watched,
): AlarmRow {
  return {
    id: 'oldest-open-firing',
    severity: 'warning',
    sentence: `A firing is open for more than ${age.toHours()} hours.`,
    link: consoleLink.log(sweepLog),
    metric: totalOf(scope, 'oldest_open_firing', { statistic: 'Maximum', period: FIVE_MINUTES }),
    from: age.toSeconds(),
  };
}

/**
 * The dead man's switch: it counts sweeps that ended well, since one that fails every minute is invoked every minute.
 * Lambda reports both metrics for each invocation; when it stops, both are missing, and people are told of that, too.
 */
function sweepNotRunning(sweep: IFunction): AlarmRow {
  const period = Duration.minutes(1);
  const usingMetrics = {
    invocations: sweep.metricInvocations({ period }),
    errors: sweep.metricErrors({ period }),
  };
  return {
    id: 'sweep-not-running',
    severity: 'critical',
    sentence: 'No sweep has ended well for ten minutes.',
    link: consoleLink.function(sweep),
    metric: new MathExpression({
      expression: 'invocations - errors',
      label: 'sweeps that ended well',
      period,
      usingMetrics,
    }),
    from: 1,
    periods: 10,
    whenAbsent: true,
  };
}
