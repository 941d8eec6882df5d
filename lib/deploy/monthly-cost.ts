import type { StackCounts } from './stack-counts.ts';

/** List prices in us-east-1, in dollars, without free tiers (the services' pricing pages, November 2026). */
export const PRICE = {
  secretMonth: 0.4,
  secretRead: 0.05 / 10_000,
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  metricHour: 0.3 / 730,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.000_013_333_4,
  schedulerInvocation: 1 / 1e6,
  ledgerRead: 0.125 / 1e6,
  ledgerWrite: 0.625 / 1e6,
  logGb: 0.5,
  trace: 5 / 1e6,
  busEvent: 1 / 1e6,
  email: 2 / 100_000,
} as const;

const HOURS = 730;
const SWEEPS = HOURS * 60;
const MEMORY_GB = 0.5;
const KB_PER_GB = 1e6;

/** Of a sweep that finds nothing: seconds of the function, reads of the ledger and kB of log. */
const SWEEP = { seconds: 0.1, reads: 3, logKb: 0.1 } as const;
/**
 * Of a firing that starts once and is followed to its end after 30 minutes, as `npm run bench -- requests` counts it; a
 * delivery takes one function more.
 */
export const FIRING = {
  seconds: 6,
  functions: 2,
  writes: 46,
  secretReads: 2,
  logKb: 10,
  events: 2,
} as const;
/** Metrics that a firing writes to (with the fewest alarms: the age of open firings), and the hours in which it does. */
const METRICS = { ofFiring: 7, least: 1, hours: 2 } as const;
/** The functions keep a secret for five minutes. */
const HEARTBEAT_READS = HOURS * 12;

interface CostRow {
  readonly what: string;
  /** Dollars a month. */
  readonly dollars: number;
}

/** What a stack costs in a month with so many firings, evenly over its triggers; Future AGI's own bill is not in it. */
export function monthlyCost(counts: StackCounts, firings: number): CostRow[] {
  const { secrets, alarmMetrics, dashboards, hasHeartbeat } = counts;
  const heartbeat = hasHeartbeat ? HEARTBEAT_READS * PRICE.secretRead : 0;
  const sweep =
    lambda(SWEEP.seconds, 1) +
    PRICE.schedulerInvocation +
    SWEEP.reads * PRICE.ledgerRead +
    (SWEEP.logKb / KB_PER_GB) * PRICE.logGb;
  const firing =
    lambda(FIRING.seconds, FIRING.functions) +
    PRICE.schedulerInvocation +
    PRICE.trace +
    FIRING.writes * PRICE.ledgerWrite +
    FIRING.secretReads * PRICE.secretRead +
    (FIRING.logKb / KB_PER_GB) * PRICE.logGb;
  const telling = FIRING.events * PRICE.busEvent + PRICE.email + lambda(1, 1);
  return [
    { what: 'secrets', dollars: secrets * PRICE.secretMonth + heartbeat },
    { what: 'alarms', dollars: alarmMetrics * PRICE.alarmMetricMonth },
    { what: 'dashboard', dollars: dashboards * PRICE.dashboardMonth },
    { what: 'sweep, once a minute', dollars: SWEEPS * sweep },
    { what: 'firings', dollars: firings * firing },
    { what: 'events and e-mails', dollars: firings * telling },
    { what: 'metrics', dollars: metricHours(counts, firings) * PRICE.metricHour },
  ];
}

/** Dollars a month, not rounded. */
export function sum(rows: readonly CostRow[]): number {
  return rows.reduce((total, { dollars }) => total + dollars, 0);
}

function lambda(seconds: number, requests: number): number {
  return requests * PRICE.lambdaRequest + seconds * MEMORY_GB * PRICE.lambdaGbSecond;
}

/** CloudWatch bills a metric for the hours in which it has data. */
function metricHours(counts: StackCounts, firings: number) {
  const { dashboards, triggers, measured } = counts;
  const hours = Math.min(firings * METRICS.hours, HOURS);
  const ofMeasured = (firings * measured) / triggers;
  const hoursOfMeasured = Math.min(ofMeasured * METRICS.hours, HOURS * measured);
  const ofAll = dashboards > 0 ? METRICS.ofFiring : METRICS.least;
  return ofAll * hours + METRICS.ofFiring * hoursOfMeasured;
}
