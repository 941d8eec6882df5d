import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import { consoleLink } from './console-link.ts';
import { totalOf } from './event-metrics.ts';
import type { FunctionName } from './function-bundle.ts';
import type { MetricName } from './metrics.ts';

/** What the alarms are about: the parts of one service. */
export interface Watched {
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
  readonly deadLetters: Readonly<Record<DeadLetters, IQueue>>;
  /** The group of the triggers' schedules, without the sweep's. */
  readonly scheduleGroup: string;
  readonly webhook: { readonly refused: Metric; readonly failed: Metric };
  readonly sweepLog: ILogGroup;
  /** Older than everything that a firing waits for. */
  readonly oldestOpenFiring: Duration;
}

type DeadLetters = 'schedule' | 'trigger' | 'notify';

/** One alarm; `sentence` tells people what is wrong. */
export interface AlarmRow {
  readonly id: string;
  /** critical: runs do not happen, or no message is sent. warning: it repairs itself, or waits for a person. */
  readonly severity: 'critical' | 'warning';
  readonly sentence: string;
  /** Where in the AWS console to look first. */
  readonly link: string;
  /** Its section of docs/runbook.md, where it is not the id. */
  readonly section?: string;
  readonly metric: IMetric;
  /** The alarm is on from this value. */
  readonly from: number;
  /** How many periods in a row; 1 when absent. */
  readonly periods?: number;
  /**
   * On below `from`; people are told, too, when data that was there is missing (INSUFFICIENT_DATA, in which an alarm
   * is created).
   */
  readonly whenAbsent?: true;
  /** People get a message for each case from the event bus, so the alarm sends none. */
  readonly isSilent?: true;
}

const FIVE_MINUTES = Duration.minutes(5);
/** A single failure is repeated by Lambda, the next sweep or the sender; only a series needs a person. */
const ERRORS = 3;
/** A sender repeats a refused delivery a few times; this many mean a wrong secret in a busy sender, or an attack. */
const REFUSED_REQUESTS = 200;
/** Lambda repeats a throttled event. Schedules of the same minute are through in the first of these periods. */
const THROTTLED_PERIODS = 3;

/** The alarms that the triggers file wants: those of `monitoring.alarms: all` are added to those that every stack has. */
export function alarmRows(
  scope: Construct,
  watched: Watched,
  which: TriggersFile['monitoring']['alarms'],
): AlarmRow[] {
  const further = [...problems(scope, watched), ...deliveries(watched), ...ofFunctions(watched)];
  return [...(which === 'all' ? further : []), ...urgentAlarms(scope, watched)];
}

/** The alarms that every stack has: what needs a person now. */
function urgentAlarms(scope: Construct, watched: Watched): AlarmRow[] {
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
function schedulerMetric(metricName: string, group: string): Metric {
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

const PROBLEMS: readonly (readonly [metric: MetricName, id: string, sentence: string])[] = [
  ['rejected', 'start-rejected', 'The API refused to start an execution.'],
  ['unresolved', 'start-unresolved', 'It is not certain whether an execution was started.'],
  ['missed', 'schedule-missed', 'A schedule was due and nothing fired.'],
  ['lost', 'execution-lost', 'An execution did not end in time and is followed no longer.'],
];

function problems(scope: Construct, { functions, sweepLog }: Watched): AlarmRow[] {
  const log = consoleLink.log(sweepLog);
  return PROBLEMS.map(([metric, id, sentence]) => ({
    id,
    sentence,
    link: metric === 'rejected' ? consoleLink.function(functions.trigger) : log,
    severity: 'critical',
    metric: totalOf(scope, metric, { statistic: 'Sum', period: FIVE_MINUTES }),
    from: 1,
    isSilent: true,
  }));
}

function deliveries({ functions, scheduleGroup, webhook }: Watched): AlarmRow[] {
  return [
    {
      id: 'schedule-target-errors',
      severity: 'warning',
      sentence: 'Lambda refused an invocation.',
      link: consoleLink.function(functions.trigger),
      metric: schedulerMetric('TargetErrorCount', scheduleGroup),
      from: 1,
    },
    {
      id: 'webhook-refusals',
      severity: 'warning',
      sentence: 'The webhook refuses a flood of requests.',
      link: consoleLink.function(functions.webhook),
      metric: webhook.refused.with({ statistic: Stats.SUM, period: FIVE_MINUTES }),
      from: REFUSED_REQUESTS,
    },
  ];
}

function ofFunctions({ functions }: Watched): AlarmRow[] {
  const each = Object.entries(functions);
  const errors = each.map(
    ([name, fn]): AlarmRow => ({
      id: `function-errors-${name}`,
      section: 'function-errors',
      severity: 'warning',
      sentence: `The function ${name} fails again and again.`,
      link: consoleLink.function(fn),
      metric: fn.metricErrors({ period: FIVE_MINUTES }),
      from: ERRORS,
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
      link: consoleLink.function(fn),
      metric: fn.metricThrottles({ period: FIVE_MINUTES }),
      from: 1,
      // A delivery that is throttled is answered 503; nothing repeats it but its sender.
      ...(name !== 'webhook' && { periods: THROTTLED_PERIODS }),
    }),
  );
  return [...errors, ...throttles];
}
