import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { Schedule } from '../../../lambda/schedule/schedule.ts';
import type { EventPattern } from './event-pattern.ts';

/** What the local run imitates of a synthesized stack. */
export interface Assembly {
  readonly functions: readonly LocalFunction[];
  readonly schedules: readonly LocalSchedule[];
  readonly routes: readonly LocalRoute[];
  readonly tables: readonly CreateTableCommandInput[];
  readonly queues: readonly { readonly name: string; readonly arn: string }[];
  /** Names of event buses. */
  readonly buses: readonly string[];
  readonly rules: readonly LocalRule[];
}

export interface LocalFunction {
  readonly arn: string;
  readonly name: string;
  /** The name without the stack's: what a person reads in the log. */
  readonly label: string;
  readonly handler: string;
  readonly runtime: string;
  readonly assetDirectory: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logLevel: string;
  /** Absent: shares what the account leaves unreserved. */
  readonly reservedConcurrency?: number;
  readonly asynchronous: {
    readonly retries: number;
    readonly maxEventAgeSeconds: number;
    /** ARN of the on-failure destination. Absent: Lambda drops an event that keeps failing. */
    readonly onFailure?: string;
  };
}

export interface LocalSchedule {
  readonly name: string;
  readonly schedule: Schedule;
  readonly functionArn: string;
  /** JSON text with EventBridge Scheduler's placeholders. */
  readonly input: string;
  readonly maxEventAgeSeconds: number;
}

export interface LocalRoute {
  /** Upper case, or ANY. */
  readonly method: string;
  /** With `{parameter}` segments, the last one possibly `{parameter+}`. */
  readonly path: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
}

export interface LocalRule {
  readonly bus: string;
  readonly pattern: EventPattern;
  readonly targets: readonly {
    readonly functionArn: string;
    /** JSON text with EventBridge's placeholder for the event. Absent: the event itself. */
    readonly input?: string | undefined;
  }[];
}
