import { Metric, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { type Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FunctionName } from './function-bundle.ts';
import { METRICS, type MetricName, type MetricSource } from './metrics.ts';

/** Metric filters on the functions' logs. A log group may have 100 of them (CloudWatch Logs quotas). */
export class EventMetrics extends Construct {
  constructor(scope: Construct, id: string, logGroups: Readonly<Record<FunctionName, ILogGroup>>) {
    super(scope, id);
    for (const [name, source] of Object.entries<MetricSource>(METRICS)) {
      for (const fn of source.functions) {
        addFilter(this, `${name}-${fn}`, source, logGroups[fn], {
          metricName: name,
          dimensions: { trigger: '$.message.trigger' },
        });
        if (source.total) {
          addFilter(this, `${name}-total-${fn}`, source, logGroups[fn], { metricName: name });
        }
      }
    }
  }
}

/** What one of the metrics with a total is over all triggers. */
export function totalOf(
  scope: Construct,
  metricName: MetricName,
  props: { readonly statistic: 'Sum' | 'Maximum'; readonly period: Duration },
): Metric {
  const { statistic, period } = props;
  return new Metric({
    namespace: Stack.of(scope).stackName,
    metricName,
    statistic: statistic === 'Sum' ? Stats.SUM : Stats.MAXIMUM,
    period,
  });
}

function addFilter(
  scope: Construct,
  id: string,
  source: MetricSource,
  logGroup: ILogGroup,
  metric: { readonly metricName: string; readonly dimensions?: Record<string, string> },
): void {
  new MetricFilter(scope, id, {
    logGroup,
    filterPattern: patternOf(source),
    metricNamespace: Stack.of(scope).stackName,
    metricValue: source.field === undefined ? '1' : `$.message.${source.field}`,
    unit: UNITS[source.unit],
    ...metric,
  });
}

const UNITS = {
  Count: Unit.COUNT,
  Milliseconds: Unit.MILLISECONDS,
  Seconds: Unit.SECONDS,
} as const;

/** Lambda's JSON log format nests what a function logs under `message`. */
function patternOf({ events, result }: MetricSource) {
  const equals = (field: string, value: string) =>
    FilterPattern.stringValue(`$.message.${field}`, '=', value);
  const [first, ...more] = events.map((event) => equals('event', event));
  if (!first) throw new Error('A metric is read from at least one event');
  const any = more.length === 0 ? first : FilterPattern.any(first, ...more);
  return result === undefined ? any : FilterPattern.all(any, equals('result', result));
}
