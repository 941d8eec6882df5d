import * as z from 'zod';
import type { TriggersFile } from '../config/schema.ts';
import { resourcesOf } from './template-diff.ts';

const alarmSchema = z.object({
  Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional(),
});

/** Counts a template, as CloudFormation gets it, and the file that it was made from. */
export function countStack(
  template: unknown,
  { monitoring, triggers }: Pick<TriggersFile, 'monitoring' | 'triggers'>,
) {
  const resources = [...resourcesOf(template).values()];
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);
  const count = (type: string) => ofType(type).length;
  const alarms = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => {
    const { Metrics: metrics } = alarmSchema.parse(Properties);
    return metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
  });
  const webhooks = Object.values(triggers).filter(
    ({ webhook }) => webhook?.secret !== undefined,
  ).length;
  const hasHeartbeat = monitoring.heartbeat !== undefined;
  return {
    secrets: 1 + webhooks + (hasHeartbeat ? 1 : 0),
    // CloudWatch bills an alarm by the metrics that it reads.
    alarms: alarms.length,
    alarmMetrics: alarms.reduce((sum, each) => sum + each, 0),
    dashboards: count('AWS::CloudWatch::Dashboard'),
    triggers: Object.keys(triggers).length,
    // Those with `metrics: true`.
    measured: Object.values(triggers).filter(({ metrics }) => metrics).length,
    functions: count('AWS::Lambda::Function'),
    logGroups: count('AWS::Logs::LogGroup'),
    queues: count('AWS::SQS::Queue'),
    hasHeartbeat,
  };
}

/** How many there are of what AWS bills by its number. */
export type StackCounts = ReturnType<typeof countStack>;
