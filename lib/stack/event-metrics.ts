import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import { hasOwnMetrics } from './deployed-config.ts';
import type { FunctionName } from './function-bundle.ts';
import { hasTotal, METRICS, type MetricName, type MetricSource } from './metrics.ts';
import { serviceName } from './service-settings.ts';

/**
 * Adds metric filters on the functions' logs: those that the alarms and the dashboard need. CloudWatch Logs takes five requests
 * a second to create one (PutMetricFilter, a quota that cannot be raised), and CloudFormation creates at once what does not
 * depend on each other: so each filter waits for the one before.
 */
export function addEventMetrics(
  scope: Construct,
  logGroups: Readonly<Record<FunctionName, ILogGroup>>,
  file: Pick<TriggersFile, 'monitoring' | 'triggers'>,
): void {
  for (const [name, source] of Object.entries<MetricSource>(METRICS)) {
    for (const fn of source.functions) {
      if (hasOwnMetrics(file)) {
        addFilter(scope, `${name}-${fn}`, source, logGroups[fn], {
          metricName: name,
          dimensions: { trigger: '$.message.trigger' },
        });
      }
      if (hasTotal(source, file.monitoring)) {
        addFilter(scope, `${name}-total-${fn}`, source, logGroups[fn], { metricName: name });
      }
    }
  }
  const filters = scope.node.children;
  filters.slice(1).forEach((filter, index) => {
    filter.node.addDependency(...filters.slice(index, index + 1));
  });
}

/** One of the metrics with a total, over all triggers. */
export function totalOf(
  scope: Construct,
  metricName: MetricName,
  props: { readonly statistic: 'Sum' | 'Maximum'; readonly period: Duration },
): Metric {
  return new Metric({ namespace: serviceName(scope), metricName, ...props });
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
    filterPattern: patternOf(source, metric.dimensions !== undefined),
    metricNamespace: serviceName(scope),
    metricValue: source.field === undefined ? '1' : `$.message.${source.field}`,
    unit: source.unit,
    ...metric,
  });
}

/** Lambda's JSON log format nests what a function logs under `message`. */
function patternOf({ events, result }: MetricSource, isOfTrigger: boolean) {
  const equals = (field: string, value: string) =>
    FilterPattern.stringValue(`$.message.${field}`, '=', value);
  const any = FilterPattern.any(...events.map((event) => equals('event', event)));
  return FilterPattern.all(
    any,
    ...(result === undefined ? [] : [equals('result', result)]),
    ...(isOfTrigger ? [FilterPattern.booleanValue('$.message.measured', true)] : []),
  );
}
