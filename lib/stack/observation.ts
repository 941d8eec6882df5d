import { Construct } from 'constructs';
import { Alarms, type Watched } from './alarms.ts';
import type { BundledFunction } from './bundled-function.ts';
import { Dashboard } from './dashboard.ts';
import { EventMetrics } from './event-metrics.ts';
import type { FunctionName } from './function-bundle.ts';
import type { NotificationTopic } from './notification-topic.ts';
import { SavedQueries } from './saved-queries.ts';

/** What people see of the running service: metrics, alarms, a dashboard and saved queries. */
export class Observation extends Construct {
  readonly dashboard: Dashboard;

  constructor(
    scope: Construct,
    id: string,
    props: Omit<Watched, 'functions'> & {
      readonly functions: Readonly<Record<FunctionName, BundledFunction>>;
      readonly topic: NotificationTopic;
    },
  ) {
    super(scope, id);
    const { trigger, webhook, starter, sweep, notify } = props.functions;
    const each = <T>(pick: (fn: BundledFunction) => T) => ({
      trigger: pick(trigger),
      webhook: pick(webhook),
      starter: pick(starter),
      sweep: pick(sweep),
      notify: pick(notify),
    });
    const logGroups = each(({ logGroup }) => logGroup);
    new EventMetrics(this, 'Metrics', logGroups);
    new SavedQueries(this, 'Queries', logGroups);
    const watched = { ...props, functions: each((fn) => fn.function) };
    const { all: alarms } = new Alarms(this, 'Alarms', props.topic, watched);
    this.dashboard = new Dashboard(this, 'Dashboard', { logGroups, alarms });
  }
}
