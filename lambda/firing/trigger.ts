import * as z from 'zod/mini';
import type { NamedSchedule } from '../schedule/schedule.ts';
import type { EventKind } from './event-kind.ts';
import type { Policies } from './policy.ts';
import { uuidSchema } from './selection.ts';

/** As the triggers file has it; `selectAll: true` runs all scenarios except those named. */
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

/** How a sender writes a time: since 1970, or as ISO 8601. */
export type TimeFormat = 'seconds' | 'milliseconds' | 'iso';

/** How an `hmac` sender signs (docs/webhooks.md has examples). Header names are in lower case. */
export interface HmacScheme {
  /** One of possibly several entries of the header is this prefix and the signature. */
  readonly signature: {
    readonly header: string;
    readonly prefix: string;
    readonly encoding: 'hex' | 'base64' | 'base64url';
    readonly algorithm: 'sha1' | 'sha256' | 'sha512';
    /** Between the entries; `none`: the header is one entry. Absent: a comma. */
    readonly separator?: ',' | ';' | ' ' | 'none' | undefined;
  };
  /** Where the time stands that the signature covers: in a header, or at a path of the body. Absent: it covers none. */
  readonly timestamp?:
    | { readonly header: string; readonly prefix: string; readonly format?: TimeFormat | undefined }
    | { readonly field: string; readonly format?: TimeFormat | undefined }
    | undefined;
  /** What is signed: `{body}` once, and beside it `{timestamp}`, `{id}` (of `idHeader`) and `{url}`. */
  readonly signed: string;
  /** How the secret writes the key. Absent: as text. */
  readonly key?: 'text' | 'base64' | 'hex' | undefined;
  readonly idHeader?: string | undefined;
  /** The path in the body of the delivery's id. Without either, equal bodies are one delivery. */
  readonly idField?: string | undefined;
}

/** Where a sender with a token puts it, and the delivery's id. */
export interface TokenScheme {
  /** Holds the token alone. Absent: `Authorization: Bearer <token>`. */
  readonly header?: string | undefined;
  /** Absent: Idempotency-Key, unless there is an `idField`. */
  readonly idHeader?: string | undefined;
  readonly idField?: string | undefined;
}

type VerificationKind =
  | { readonly verify: 'standard-webhooks' | 'github' | 'gitlab' }
  | ({ readonly verify: 'bearer' } & TokenScheme)
  | ({ readonly verify: 'hmac' } & HmacScheme);

/** How the change of a delivery is told what became of it. */
export interface CommitStatus {
  /** Name or ARN of the secret with the access token. */
  readonly secret: string;
  /** Of its API, without a slash at the end. */
  readonly baseUrl: string;
}

type Proof =
  | (VerificationKind & {
      /** Name or ARN of the secret with one key, or two during a rotation. */
      readonly secret: string;
      /** Only of github and gitlab. */
      readonly commitStatus?: CommitStatus | undefined;
    })
  | {
      readonly verify: 'sns';
      /** The ARN of the only topic whose messages are taken. Amazon signs them with a key of its own. */
      readonly topic: string;
      readonly secret?: undefined;
      readonly commitStatus?: undefined;
    };

/** Where a trigger has none, its path answers 404, like a trigger that does not exist. */
export type Webhook = Proof & {
  /** JMESPath on `{ headers, body, query }`: a delivery for which it is false fires nothing. */
  readonly when?: string | undefined;
  /** What a delivery may choose by itself. Absent: nothing. */
  readonly allow?: readonly Override[] | undefined;
  /** Deliveries within this time of the first one join its firing. Absent: each fires. */
  readonly coalesceMinutes?: number | undefined;
};

/** One whose sender and receiver share a secret. */
export type SecretWebhook = Exclude<Webhook, { readonly verify: 'sns' }>;

/** Events that fire a trigger: those of a pattern on a bus, or the ends of another trigger. */
export type EventRule = (
  | {
      /** As EventBridge takes it. */
      readonly pattern: Readonly<Record<string, unknown>>;
      /** Its name; `default` is the account's own. */
      readonly bus: string;
    }
  | { readonly after: string; readonly kinds: readonly EventKind[] }
) & {
  /** What an event's detail may choose. Absent: nothing. */
  readonly allow?: readonly Override[] | undefined;
  /** Events within this time of the first one join its firing. Absent: each fires. */
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
  /** The index of each is the `rule` of its events. */
  readonly events?: readonly EventRule[];
  readonly webhook?: Webhook;
  /** Its earlier name, whose pause and spent budget it keeps. */
  readonly renamedFrom?: string;
  /** How long after its time (and flexible window) an occurrence that nobody recorded counts as missed. */
  readonly missedAfterMinutes: number;
}
