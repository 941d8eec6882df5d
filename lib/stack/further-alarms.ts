import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmRow, ERRORS, FIVE_MINUTES, type Watched } from './alarm-row.ts';
import { consoleLink } from './console-link.ts';
import { totalOf } from './event-metrics.ts';
import type { MetricName } from './metrics.ts';
import { schedulerMetric } from './urgent-alarms.ts';

/** A sender repeats a refused delivery a few times; this many mean a wrong secret in a busy sender, or an attack. */
const REFUSED_REQUESTS = 200;
/** Lambda repeats a throttled event. Schedules of the same minute are through in the first of these periods. */
const THROTTLED_PERIODS = 3;

/** The alarms of `monitoring.alarms: all`. */
export function furtherAlarms(scope: Construct, watched: Watched): AlarmRow[] {
  return [...problems(scope, watched), ...deliveries(watched), ...ofFunctions(watched)];
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
