import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
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

/** One of the metrics with a total, over all triggers. */
export function totalOf(
  scope: Construct,
  metricName: MetricName,
  props: { readonly statistic: 'Sum' | 'Maximum'; readonly period: Duration },
): Metric {
  return new Metric({ namespace: Stack.of(scope).stackName, metricName, ...props });
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
    unit: source.unit,
    ...metric,
  });
}

/** Lambda's JSON log format nests what a function logs under `message`. */
function patternOf({ events, result }: MetricSource) {
  const equals = (field: string, value: string) =>
    FilterPattern.stringValue(`$.message.${field}`, '=', value);
  const any = FilterPattern.any(...events.map((event) => equals('event', event)));
  return result === undefined ? any : FilterPattern.all(any, equals('result', result));
}
