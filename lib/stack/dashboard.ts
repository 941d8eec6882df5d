import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { FunctionName } from './function-bundle.ts';
import { LOG_QUERIES } from './log-queries.ts';
import type { MetricName } from './metrics.ts';
import { serviceName } from './service-settings.ts';

const FULL_WIDTH = 24;
const HALF_WIDTH = 12;
const HOUR = Duration.hours(1);

/** At a glance: did last night run, did it pass, what is open, is the service well. */
export class Dashboard extends Construct {
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly logGroups: Readonly<Record<FunctionName, ILogGroup>>;
      readonly alarms: readonly Alarm[];
    },
  ) {
    super(scope, id);
    this.name = serviceName(this);
    const dashboard = new CloudWatchDashboard(this, 'Dashboard', {
      dashboardName: this.name,
      defaultInterval: Duration.days(2),
    });
    const counts = (title: string, ...metrics: MetricName[]) => this.#graph(title, 'Sum', metrics);
    const levels = (title: string, ...metrics: MetricName[]) =>
      this.#graph(title, 'Maximum', metrics);
    const list = (title: keyof typeof LOG_QUERIES) => {
      const { functions, lines: queryLines } = LOG_QUERIES[title];
      return new LogQueryWidget({
        title,
        logGroupNames: functions.map((name) => props.logGroups[name].logGroupName),
        queryLines: [...queryLines],
        view: LogQueryVisualizationType.TABLE,
        width: FULL_WIDTH,
      });
    };
    dashboard.addWidgets(
      counts('Did it run?', 'started', 'rejected', 'unresolved', 'expired', 'skipped', 'missed'),
      counts('Did it pass?', 'passed', 'failed', 'inconclusive', 'lost'),
    );
    dashboard.addWidgets(list('Last results'));
    dashboard.addWidgets(list('Problems'));
    dashboard.addWidgets(
      levels('What is open? (firings)', 'open_firings'),
      levels('Oldest open firing (seconds)', 'oldest_open_firing'),
    );
    dashboard.addWidgets(
      levels('Time to start (milliseconds)', 'start_latency'),
      counts('Firings', 'firings', 'duplicates', 'unknown', 'selection_mismatch'),
    );
    dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: FULL_WIDTH }),
    );
  }

  /** One series for each trigger that had data in the last two weeks, whatever triggers there are. */
  #graph(title: string, statistic: 'Sum' | 'Maximum', metrics: readonly MetricName[]): GraphWidget {
    const period = statistic === 'Sum' ? HOUR : Duration.minutes(5);
    const left = metrics.map(
      (metric) =>
        new MathExpression({
          expression: `SEARCH('{"${this.name}",trigger} MetricName="${metric}"', '${statistic}', ${period.toSeconds()})`,
          label: labelOf(metric, metrics),
          period,
          usingMetrics: {},
        }),
    );
    const stacked = statistic === 'Sum';
    return new GraphWidget({ title, left, stacked, width: HALF_WIDTH, leftYAxis: { min: 0 } });
  }
}

/** CloudWatch replaces PROP by the series' trigger. */
function labelOf(metric: MetricName, metrics: readonly MetricName[]): string {
  const trigger = `\${PROP('Dim.trigger')}`;
  return metrics.length === 1 ? trigger : `${trigger} ${metric}`;
}
