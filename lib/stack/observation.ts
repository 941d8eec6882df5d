import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import { type AlarmRow, alarmRows, type Watched } from './alarm-rows.ts';
import type { BundledFunction } from './bundled-function.ts';
import { Dashboard } from './dashboard.ts';
import { EventMetrics } from './event-metrics.ts';
import { type FunctionName, forEachFunction } from './function-bundle.ts';
import { SavedQueries } from './log-queries.ts';
import { hasOwnMetrics } from './metrics.ts';
import type { NotificationTopic } from './notification-topic.ts';
import { serviceName } from './service-settings.ts';

/** What people see of the running service: metrics, alarms, a dashboard and saved queries. */
export class Observation extends Construct {
  /** Undefined where the file wants none. */
  readonly dashboard: Dashboard | undefined;

  constructor(
    scope: Construct,
    id: string,
    props: Omit<Watched, 'functions' | 'sweepLog'> & {
      readonly functions: Readonly<Record<FunctionName, BundledFunction>>;
      readonly topic: NotificationTopic;
      readonly file: Pick<TriggersFile, 'monitoring' | 'triggers'>;
      readonly runbook: string;
    },
  ) {
    super(scope, id);
    const { functions, topic, file, runbook } = props;
    const logGroups = forEachFunction((name) => functions[name].logGroup);
    new EventMetrics(this, 'Metrics', logGroups, file);
    new SavedQueries(this, 'Queries', logGroups);
    const watched = {
      ...props,
      functions: forEachFunction((name) => functions[name].function),
      sweepLog: logGroups.sweep,
    };
    const which = file.monitoring.alarms;
    const { all: alarms } = new Alarms(this, 'Alarms', { watched, which, topic, runbook });
    this.dashboard = file.monitoring.dashboard
      ? new Dashboard(this, 'Dashboard', { logGroups, alarms, hasOwnMetrics: hasOwnMetrics(file) })
      : undefined;
  }
}

/** The stack's alarms. Those that notify send the topic a message when they start, and another when they end. */
class Alarms extends Construct {
  readonly all: readonly Alarm[];

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly watched: Watched;
      readonly which: TriggersFile['monitoring']['alarms'];
      readonly topic: NotificationTopic;
      /** Address of the runbook, without a section. */
      readonly runbook: string;
    },
  ) {
    super(scope, id);
    const { watched, which, topic, runbook } = props;
    const rows = alarmRows(this, watched, which);
    this.all = rows.map((row) => alarmOf(this, row, topic, runbook));
    topic.grantPublishToAlarms(
      rows.filter(({ isSilent }) => !isSilent).map((row) => nameOf(this, row.id)),
    );
  }
}

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
    const action = { bind: () => ({ alarmActionArn: topic.arn }) };
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    if (whenAbsent) alarm.addInsufficientDataAction(action);
  }
  return alarm;
}

function nameOf(scope: Construct, id: string): string {
  return `${serviceName(scope)}-${id}`;
}
