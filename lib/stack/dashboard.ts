import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  GraphWidget,
  type IMetric,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { totalOf } from './event-metrics.ts';
import type { FunctionName } from './function-bundle.ts';
import { LOG_QUERIES } from './log-queries.ts';
import type { MetricName } from './metrics.ts';
import { serviceName } from './service-settings.ts';

const FULL_WIDTH = 24;
const HALF_WIDTH = 12;
const PERIODS = { Sum: Duration.hours(1), Maximum: Duration.minutes(5) };

type Graph = ReturnType<typeof graph>;

function graph(title: string, statistic: keyof typeof PERIODS, ...metrics: MetricName[]) {
  return { title, statistic, metrics };
}

/** In rows. */
const GRAPHS: readonly [readonly Graph[], ...(readonly Graph[])[]] = [
  [
    graph(
      'Did it run?',
      'Sum',
      'started',
      'rejected',
      'unresolved',
      'expired',
      'skipped',
      'missed',
    ),
    graph('Did it pass?', 'Sum', 'passed', 'failed', 'inconclusive', 'lost'),
  ],
  [
    graph('What is open? (firings)', 'Maximum', 'open_firings'),
    graph('Oldest open firing (seconds)', 'Maximum', 'oldest_open_firing'),
  ],
  [
    graph('Time to start (milliseconds)', 'Maximum', 'start_latency'),
    graph('Firings', 'Sum', 'firings', 'duplicates', 'unknown', 'selection_mismatch'),
  ],
];
const LISTS = ['Last results', 'Each trigger', 'Problems'] as const;
const OF_EACH = '(triggers with metrics: true)';

/** At a glance: did last night run, did it pass, what is open, is the service well. */
export function addDashboard(
  scope: Construct,
  props: {
    readonly logGroups: Readonly<Record<FunctionName, ILogGroup>>;
    readonly alarms: readonly Alarm[];
    /** Whether a trigger has metrics of its own. */
    readonly hasOwnMetrics: boolean;
  },
): void {
  const dashboard = new CloudWatchDashboard(scope, 'Dashboard', {
    dashboardName: serviceName(scope),
    defaultInterval: Duration.days(2),
  });
  const [results, ...others] = GRAPHS;
  dashboard.addWidgets(...results.map((graph) => total(scope, graph)));
  for (const title of LISTS) {
    const { functions, lines: queryLines } = LOG_QUERIES[title];
    const list = new LogQueryWidget({
      title,
      logGroupNames: functions.map((name) => props.logGroups[name].logGroupName),
      queryLines: [...queryLines],
      view: LogQueryVisualizationType.TABLE,
      width: FULL_WIDTH,
    });
    dashboard.addWidgets(list);
  }
  for (const row of others) dashboard.addWidgets(...row.map((graph) => total(scope, graph)));
  for (const row of props.hasOwnMetrics ? GRAPHS : []) {
    dashboard.addWidgets(...row.map((graph) => ofEach(serviceName(scope), graph)));
  }
  dashboard.addWidgets(
    new AlarmStatusWidget({ title: 'Alarms', alarms: [...props.alarms], width: FULL_WIDTH }),
  );
}

function total(scope: Construct, { title, statistic, metrics }: Graph): GraphWidget {
  const period = PERIODS[statistic];
  const left = metrics.map((metric) =>
    totalOf(scope, metric, { statistic, period }).with({ label: metric }),
  );
  return graphWidget(title, statistic, left);
}

/** One series for each trigger with metrics of its own that had data in the last two weeks. */
function ofEach(namespace: string, { title, statistic, metrics }: Graph): GraphWidget {
  const period = PERIODS[statistic];
  const left = metrics.map(
    (metric) =>
      new MathExpression({
        expression: `SEARCH('{"${namespace}",trigger} MetricName="${metric}"', '${statistic}', ${period.toSeconds()})`,
        label: labelOf(metric, metrics),
        period,
        usingMetrics: {},
      }),
  );
  return graphWidget(`${title} ${OF_EACH}`, statistic, left);
}

function graphWidget(title: string, statistic: Graph['statistic'], left: IMetric[]): GraphWidget {
  const stacked = statistic === 'Sum';
  return new GraphWidget({ title, left, stacked, width: HALF_WIDTH, leftYAxis: { min: 0 } });
}

/** CloudWatch replaces PROP by the series' trigger. */
function labelOf(metric: MetricName, metrics: readonly MetricName[]): string {
  const trigger = `\${PROP('Dim.trigger')}`;
  return metrics.length === 1 ? trigger : `${trigger} ${metric}`;
}
