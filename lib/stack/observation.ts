import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import { type AlarmRow, alarmRows, type Watched } from './alarm-rows.ts';
import type { BundledFunction } from './bundled-function.ts';
import { addDashboard } from './dashboard.ts';
import { hasOwnMetrics } from './deployed-config.ts';
import { addEventMetrics } from './event-metrics.ts';
import { type FunctionName, forEachFunction } from './function-bundle.ts';
import { addSavedQueries } from './log-queries.ts';
import type { NotificationTopic } from './notification-topic.ts';
import { serviceName } from './service-settings.ts';

/** Adds what people see of the running service: metrics, alarms, saved queries and, where the file wants it, a dashboard. */
export function addObservation(
  service: Construct,
  props: Omit<Watched, 'functions' | 'sweepLog'> & {
    readonly functions: Readonly<Record<FunctionName, BundledFunction>>;
    readonly topic: NotificationTopic;
    readonly file: Pick<TriggersFile, 'monitoring' | 'triggers'>;
    /** Address of the runbook, without a section. */
    readonly runbook: string;
  },
): void {
  const scope = new Construct(service, 'Observation');
  const { functions, topic, file, runbook } = props;
  const logGroups = forEachFunction((name) => functions[name].logGroup);
  addEventMetrics(new Construct(scope, 'Metrics'), logGroups, file);
  addSavedQueries(new Construct(scope, 'Queries'), logGroups);
  const watched = {
    ...props,
    functions: forEachFunction((name) => functions[name].function),
    sweepLog: logGroups.sweep,
  };
  const ofAlarms = new Construct(scope, 'Alarms');
  const rows = alarmRows(ofAlarms, watched, file.monitoring.alarms);
  const alarms = rows.map((row) => alarmOf(ofAlarms, row, topic, runbook));
  const loud = rows.filter(({ isSilent }) => !isSilent);
  topic.grantPublishToAlarms(loud.map(({ id }) => nameOf(scope, id)));
  if (!file.monitoring.dashboard) return;
  const shown = { logGroups, alarms, hasOwnMetrics: hasOwnMetrics(file) };
  addDashboard(new Construct(scope, 'Dashboard'), shown);
}

/** One that notifies sends the topic a message when it starts, and another when it ends. */
function alarmOf(scope: Construct, row: AlarmRow, topic: NotificationTopic, runbook: string) {
  const { id, severity, sentence, section = id, link, whenAbsent, isSilent } = row;
  const alarm = new Alarm(scope, id, {
    alarmName: nameOf(scope, id),
    alarmDescription: `${severity.toUpperCase()}: ${sentence} Runbook: ${runbook}#${section} Look: ${link}`,
    metric: row.metric,
    threshold: row.from,
    evaluationPeriods: row.periods ?? 1,
    comparisonOperator: whenAbsent
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: whenAbsent ? TreatMissingData.MISSING : TreatMissingData.NOT_BREACHING,
  });
  if (!isSilent) {
    const action = { bind: () => ({ alarmActionArn: topic.topic.topicArn }) };
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    if (whenAbsent) alarm.addInsufficientDataAction(action);
  }
  return alarm;
}

function nameOf(scope: Construct, id: string): string {
  return `${serviceName(scope)}-${id}`;
}
