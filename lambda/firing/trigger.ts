import * as z from 'zod/mini';
import type { NamedSchedule } from '../schedule/schedule.ts';
import type { Policies } from './policy.ts';
import { uuidSchema } from './selection.ts';

export const executeSchema = z.object({
  selectAll: z.boolean(),
  scenarioIds: z.array(uuidSchema),
  /** Names instead of ids; the API tells the ids when a firing starts. */
  scenarios: z.optional(z.array(z.string())),
  simulatorId: z.optional(z.string()),
});

/** What a trigger selects: everything except the named scenarios, or (`selectAll: false`) only those. */
export type ExecuteRequest = z.infer<typeof executeSchema>;

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

/** A trigger as the functions see it: checked at synth, trusted after. */
export interface Trigger extends Policies {
  /** Exactly one of `runTestId` and `runTest` (its name) is present. */
  readonly runTestId?: string;
  readonly runTest?: string;
  readonly execute: ExecuteRequest;
  /** The name of each is the `schedule` of its events. */
  readonly schedules: readonly NamedSchedule[];
  readonly webhook?: Webhook;
  /** How long after its time (and flexible window) an occurrence that nobody recorded counts as missed. */
  readonly missedAfterMinutes: number;
}
