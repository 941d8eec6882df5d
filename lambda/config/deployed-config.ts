import { readFileSync } from 'node:fs';
import type { DeployedSchedule } from '../schedule/deployed-schedule.ts';

/** What a trigger selects: everything except the named scenarios, or (`selectAll: false`) only those. */
export interface ExecuteRequest {
  readonly selectAll: boolean;
  readonly scenarioIds: readonly string[];
  /** Names instead of ids; the API tells the ids when a firing starts. */
  readonly scenarios?: readonly string[] | undefined;
  readonly simulatorId?: string | undefined;
}

/** The keys of an execute request that a delivery may choose where its trigger allows it. */
export type Override = Exclude<keyof ExecuteRequest, 'scenarios'>;

/** How an `hmac` sender signs (docs/webhooks.md has examples). Header names are in lower case. */
export interface HmacScheme {
  /** One of possibly several comma-joined entries of the header is this prefix and the signature. */
  readonly signature: {
    readonly header: string;
    readonly prefix: string;
    readonly encoding: 'hex' | 'base64';
    readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  };
  /** Where the seconds since 1970 stand that the signature covers. Absent: it covers no time. */
  readonly timestamp?: { readonly header: string; readonly prefix: string } | undefined;
  /** What is signed: `{body}` at its end, and `{timestamp}` before it where there is one. */
  readonly signed: string;
  /** The header with the delivery's id, which the signature does not cover. */
  readonly idHeader?: string | undefined;
  /** The field of the JSON body with the delivery's id. Without either, equal bodies are one delivery. */
  readonly idField?: string | undefined;
}

/** How a delivery proves where it comes from. */
type VerificationKind =
  | { readonly verify: 'standard-webhooks' | 'github' | 'gitlab' | 'bearer' }
  | ({ readonly verify: 'hmac' } & HmacScheme);

/** A trigger's webhook. */
export type Webhook = VerificationKind & {
  /** Name or ARN of the secret with one key, or two during a rotation. */
  readonly secret: string;
  /** JMESPath on `{ headers, body, query }`: a delivery for which it is false fires nothing. */
  readonly when?: string | undefined;
  /** What a delivery may choose by itself. Absent: nothing. */
  readonly allow?: readonly Override[] | undefined;
  /** Deliveries within this time of the first one join its firing. Absent: each fires. */
  readonly coalesceMinutes?: number | undefined;
};

/**
 * How the API is spoken to. `documented`: Bearer key, camelCase, `selectAll` honoured. `current`: header pair,
 * strict snake_case, `select_all` without effect. `key-pair`: header pair and both spellings at first, for a server
 * whose casing is not known; what it refuses is left out after.
 */
export type Dialect = 'documented' | 'key-pair' | 'current';

/** What to do with an execution whose scenarios are not those that were asked for. */
export type OnMismatch = 'report' | 'cancel';

/** What to do with a firing whose outcome stayed unknown after the grace period. */
type OnUnknown = 'hold' | 'resend';

/** What a finished execution must show to pass. Rates, scores and points are 0 to 100. */
export interface Expectation {
  readonly minSuccessRate?: number | undefined;
  readonly maxFailedCalls?: number | undefined;
  /** Least score by the evaluation's name. */
  readonly minEvaluation?: Readonly<Record<string, number>> | undefined;
  /** Compared with the last firing of the same selection that passed. */
  readonly noWorseThan?: 'previous' | undefined;
  /** Points by which it may be worse nevertheless. */
  readonly tolerance: number;
}

/** What happens to a firing while another one of its trigger is not over (Temporal's overlap policies). */
export type Overlap = 'skip' | 'buffer-one' | 'cancel-other' | 'allow';

/** How much may be started per day and per month; absent, any number. */
export interface Budget {
  readonly perDay?: number | undefined;
  readonly perMonth?: number | undefined;
  readonly scenariosPerDay?: number | undefined;
  readonly scenariosPerMonth?: number | undefined;
}

/** A trigger as the functions see it: validated at synth, trusted after. */
export interface Trigger {
  /** Exactly one of `runTestId` and `runTest` (its name) is present. */
  readonly runTestId?: string;
  readonly runTest?: string;
  readonly execute: ExecuteRequest;
  /** The index of each is the `schedule` of its events. */
  readonly schedules: readonly DeployedSchedule[];
  readonly webhook?: Webhook;
  /** After the scheduled time (plus its flexible window) or the delivery, nothing is sent any more. */
  readonly startDeadlineMinutes: number;
  readonly onUnknown: OnUnknown;
  /** How long an execution may take to show up in the list before a lost POST counts as not created. */
  readonly unknownGraceMinutes: number;
  /** Absent: report. */
  readonly onMismatch?: OnMismatch;
  /** Whether an execution is watched to its end and judged. */
  readonly follow: boolean;
  /** An execution that takes longer counts as lost. */
  readonly maxDurationMinutes: number;
  /** Absent: an execution passes when it completes with at least one call. */
  readonly expect?: Expectation | undefined;
  /** How long after its time (and flexible window) an occurrence that nobody recorded counts as missed. */
  readonly missedAfterMinutes: number;
  readonly overlap: Overlap;
  readonly budget?: Budget;
  /** After so many rejected starts in a row the trigger pauses until a person resumes it. */
  readonly pauseAfterRejected: number;
}

/** The file `triggers.json` beside each bundle, written at synth by lib/stack/function-bundle.ts. */
export interface DeployedConfig {
  /** Name or ARN of the API key's secret. */
  readonly apiKeySecret: string;
  /** Absent: the form of the secret chooses. */
  readonly apiDialect?: Dialect;
  /** How long a final firing stays in the ledger. */
  readonly retentionDays: number;
  /** In which the days and months of budgets begin. */
  readonly timezone: string;
  /** Of all triggers together. */
  readonly budget?: Budget;
  readonly triggers: Readonly<Record<string, Trigger>>;
}

/** Reads the configuration that was deployed with this bundle. Called once, during init. */
export function readDeployedConfig(): DeployedConfig {
  return JSON.parse(readFileSync(new URL('./triggers.json', import.meta.url), 'utf8'));
}
