import type { IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import type { FunctionName } from './function-bundle.ts';

export const FIVE_MINUTES = Duration.minutes(5);

/** A single failure is repeated by Lambda, the next sweep or the sender; only a series needs a person. */
export const ERRORS = 3;

/** What the alarms look at. */
export interface Watched {
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
  readonly deadLetters: Readonly<Record<DeadLetters, IQueue>>;
  /** The group of the triggers' schedules, without the sweep's. */
  readonly scheduleGroup: string;
  readonly webhook: { readonly refused: Metric; readonly failed: Metric };
  readonly sweepLog: ILogGroup;
  /** Older than everything that a firing waits for. */
  readonly oldestOpenFiring: Duration;
}

export type DeadLetters = 'schedule' | 'trigger' | 'notify';

/** One alarm of the stack. */
export interface AlarmRow {
  readonly id: string;
  /** critical: runs do not happen, or no message is sent. warning: it repairs itself, or waits for a person. */
  readonly severity: 'critical' | 'warning';
  readonly sentence: string;
  /** Where in the AWS console to look first. */
  readonly link: string;
  /** Its section of docs/runbook.md, where it is not the id. */
  readonly section?: string;
  readonly metric: IMetric;
  /** The alarm is on from this value. */
  readonly from: number;
  /** How many periods in a row; 1 when absent. */
  readonly periods?: number;
  /** On below `from`; people are told, too, when data that was there is missing (INSUFFICIENT_DATA, in which an alarm is created). */
  readonly whenAbsent?: true;
  /** People get a message for each case from the event bus, so the alarm sends none. */
  readonly isSilent?: true;
}
