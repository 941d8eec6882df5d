import { Construct } from 'constructs';
import type { TriggersFile } from '../config/schema.ts';
import type { Watched } from './alarm-rows.ts';
import { Alarms } from './alarms.ts';
import type { BundledFunction } from './bundled-function.ts';
import { Dashboard } from './dashboard.ts';
import { hasOwnMetrics } from './deployed-config.ts';
import { EventMetrics } from './event-metrics.ts';
import { type FunctionName, forEachFunction } from './function-bundle.ts';
import { SavedQueries } from './log-queries.ts';
import type { NotificationTopic } from './notification-topic.ts';

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
