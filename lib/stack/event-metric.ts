import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { LogEvent } from '../../lambda/shared/log.ts';

/** Counts an event of the functions' logs: the metric of its name, per trigger, in the stack's own namespace. */
export class EventMetric extends Construct {
  constructor(
    scope: Construct,
    id: string,
    event: LogEvent,
    logGroups: Readonly<Record<string, ILogGroup>>,
  ) {
    super(scope, id);
    for (const [name, logGroup] of Object.entries(logGroups)) {
      new MetricFilter(this, name, {
        logGroup,
        filterPattern: FilterPattern.stringValue('$.message.event', '=', event),
        metricNamespace: Stack.of(this).stackName,
        metricName: event,
        metricValue: '1',
        dimensions: { trigger: '$.message.trigger' },
      });
    }
  }
}
