import { Unit } from 'aws-cdk-lib/aws-cloudwatch';
import type { LogEvent } from '../../lambda/runtime/log.ts';
import type { TriggersFile } from '../config/schema.ts';
import type { FunctionName } from './function-bundle.ts';

/** A metric as it is read from the functions' log events. */
export interface MetricSource {
  /** Any of these is counted, or measured. */
  readonly events: readonly LogEvent[];
  /** Only where the event's `result` is this. */
  readonly result?: 'passed' | 'failed' | 'inconclusive';
  /** The field with the measured value; absent, events are counted. */
  readonly field?: string;
  readonly unit: Unit;
  /** The functions that log the event: a filter for each. */
  readonly functions: readonly FunctionName[];
  /** The alarms that need it. */
  readonly total?: 'urgent' | 'all';
}

/** As CloudWatch has it, in the namespace of the service. */
export type MetricName = keyof typeof METRICS;

const RECORDING = ['trigger', 'webhook'] as const;
const STARTING = ['trigger', 'starter', 'sweep'] as const;
const SWEEP = ['sweep'] as const;

function count(
  events: readonly LogEvent[],
  functions: readonly FunctionName[],
  options: Pick<MetricSource, 'total' | 'result'> = {},
): MetricSource {
  return { events, functions, unit: Unit.COUNT, ...options };
}

/**
 * Every metric and the log events that it is read from: over all triggers where an alarm or the dashboard shows it, and
 * with the dimension `trigger` of each that asks for it. CloudWatch bills one only in hours in which it has data.
 */
export const METRICS = {
  firings: count(['firing_recorded'], RECORDING),
  duplicates: count(['firing_duplicated'], RECORDING),
  started: count(['execution_started', 'execution_adopted'], STARTING),
  start_latency: {
    ...count(['execution_started'], STARTING),
    field: 'latency_ms',
    unit: Unit.MILLISECONDS,
  },
  rejected: count(['start_rejected'], STARTING, { total: 'all' }),
  unknown: count(['start_unconfirmed'], STARTING),
  unresolved: count(['start_unresolved'], SWEEP, { total: 'all' }),
  expired: count(['start_expired'], STARTING),
  skipped: count(['start_skipped'], STARTING),
  missed: count(['schedule_missed'], SWEEP, { total: 'all' }),
  selection_mismatch: count(['selection_mismatched'], STARTING),
  passed: count(['execution_finished'], SWEEP, { result: 'passed' }),
  failed: count(['execution_finished'], SWEEP, { result: 'failed' }),
  inconclusive: count(['execution_finished', 'execution_unfollowed'], SWEEP, {
    result: 'inconclusive',
  }),
  lost: count(['execution_lost'], SWEEP, { total: 'all' }),
  open_firings: { ...count(['firings_counted'], SWEEP), field: 'open' },
  oldest_open_firing: {
    ...count(['firings_counted'], SWEEP, { total: 'urgent' }),
    field: 'oldest_age_s',
    unit: Unit.SECONDS,
  },
} as const satisfies Record<string, MetricSource>;

/** A metric costs $0.30 a month, so that of all triggers is made only where an alarm or the dashboard reads it. */
export function hasTotal(
  { total }: MetricSource,
  { alarms, dashboard }: Pick<TriggersFile['monitoring'], 'alarms' | 'dashboard'>,
): boolean {
  return dashboard || (total !== undefined && [alarms, 'urgent'].includes(total));
}
