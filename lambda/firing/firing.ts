import * as z from 'zod/mini';
import { changeSchema } from './change.ts';
import { kindSchema } from './event-kind.ts';
import { policySchema } from './policy.ts';
import { executionIdSchema, uuidSchema } from './selection.ts';
import { executeSchema } from './trigger.ts';

/** What caused a firing; the same cause always gives the same firing id. */
export const causeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), schedule: z.string(), scheduledTime: z.string() }),
  z.object({ kind: z.literal('delivery'), deliveryId: z.string() }),
  z.object({ kind: z.literal('event'), eventId: z.string() }),
  z.object({
    kind: z.literal('command'),
    requestId: z.string(),
    /** Only with this does it start while its trigger is paused. */
    evenIfPaused: z.optional(z.literal(true)),
  }),
  z.object({
    kind: z.literal('again'),
    /** The firing whose scenarios failed. */
    firing: z.string(),
    /** 2: the second try. */
    attempt: z.number(),
  }),
]);

const attemptSchema = z.object({
  sentAt: z.string(),
  settledAt: z.optional(z.string()),
  outcome: z.optional(z.enum(['started', 'not-started', 'rejected', 'unknown'])),
  status: z.optional(z.number()),
  message: z.optional(z.string()),
  /** The execution that is its own, by its answer or by the list. */
  executionId: z.optional(z.string()),
  // What an attempt in doubt is settled by; kept no longer than that.
  knownExecutions: z.optional(z.array(z.string())),
  /** `sentAt` by the server's clock, where the list before told it. */
  serverSentAt: z.optional(z.string()),
  /** When its answer began, by the server's clock. */
  serverAnsweredAt: z.optional(z.string()),
});

const selectionSchema = z.object({ selectAll: z.boolean(), scenarioIds: z.array(uuidSchema) });

const mismatchSchema = z.object({
  surplus: z.array(z.string()),
  missing: z.array(z.string()),
  /** Present where the trigger says `onMismatch: cancel`. `sending` holds a lease, like the firing's own. */
  cancel: z.optional(z.enum(['due', 'sending', 'cancelled', 'not-needed', 'failed'])),
});

const executionSchema = z.object({
  id: executionIdSchema,
  status: z.string(),
  totalScenarios: z.optional(z.number()),
  totalCalls: z.optional(z.number()),
  /** As of the last poll. */
  completedCalls: z.optional(z.number()),
  failedCalls: z.optional(z.number()),
  /** How many polls in a row have not found it anywhere on the server. */
  missingPolls: z.optional(z.number()),
  /** It was found in the server's list. Only one that the answer to our own POST named is ever cancelled. */
  adopted: z.optional(z.literal(true)),
  /** When it was first seen to be over. */
  overSince: z.optional(z.string()),
  scenarioIds: z.optional(z.array(z.string())),
});

/** One evaluation over all calls of an execution, as the ledger keeps it in a result. */
export const evaluationSchema = z.object({
  /** As people see it in the dashboard. */
  name: z.string(),
  /** 0 to 100 with two decimals; absent where no call was scored or the server tells nothing sensible. */
  score: z.optional(z.number()),
  /** Calls that passed; absent for an evaluation that gives scores instead. */
  passed: z.optional(z.number()),
  /** Calls with an output: errored and skipped ones have none. */
  scored: z.optional(z.number()),
});

const scenarioSchema = z.object({
  name: z.string(),
  /** Calls that completed without failing an evaluation that is expected. */
  passed: z.number(),
  of: z.number(),
  /** Why the calls that did not complete ended, the most frequent first. */
  endedReasons: z.optional(z.array(z.object({ reason: z.string(), calls: z.number() }))),
  /** Expected evaluations that calls failed, with the server's reason for one of them. */
  failedEvaluations: z.optional(
    z.array(z.object({ name: z.string(), calls: z.number(), reason: z.string() })),
  ),
  costCents: z.optional(z.number()),
});

const verdictSchema = z.enum(['passed', 'failed', 'inconclusive']);

/** What became of an execution, judged by what its trigger expects. */
export const resultSchema = z.object({
  verdict: verdictSchema,
  /** Why it did not pass; empty when it did. */
  reasons: z.array(z.string()),
  /** What a person should know besides: what was compared, and what the comparison cannot show. */
  notes: z.optional(z.array(z.string())),
  /** The execution's status word, in lower case. */
  status: z.string(),
  finishedAt: z.string(),
  durationSeconds: z.optional(z.number()),
  totalCalls: z.optional(z.number()),
  completedCalls: z.optional(z.number()),
  failedCalls: z.optional(z.number()),
  /** Share of the calls that completed, 0 to 100. */
  successRate: z.optional(z.number()),
  evaluations: z.optional(z.array(evaluationSchema)),
  /** The scenarios that did not pass entirely, the worst first; read where the execution did not pass. */
  scenarios: z.optional(z.array(scenarioSchema)),
  /** Of a run that failed: what may be tried again. Absent where not all of it is known. */
  failedScenarioIds: z.optional(z.array(uuidSchema)),
  /** Of all calls, in US cents; told where the calls were read. */
  costCents: z.optional(z.number()),
});

const COMMON = {
  id: z.string(),
  trigger: z.string(),
  cause: causeSchema,
  /** Of a delivery of GitHub or GitLab that names a commit. */
  change: z.optional(changeSchema),
  /** Absent only until the name in `runTest` is resolved, which is before the first POST. */
  runTestId: z.optional(uuidSchema),
  runTest: z.optional(z.string()),
  execute: executeSchema,
  policy: policySchema,
  /** What the last POST asked for, once `execute` was resolved for the server. */
  selection: z.optional(selectionSchema),
  /** Changes with every write, so a condition on it covers state and lease as well. */
  revision: z.string(),
  recordedAt: z.string(),
  deadline: z.string(),
  /** Oldest first. */
  attempts: z.array(attemptSchema),
  /** When the last attempt was sent. */
  sentAt: z.optional(z.string()),
  reason: z.optional(z.string()),
  /** When its execution was last read. */
  polledAt: z.optional(z.string()),
  /** How long the runs of its trigger took before it, looked up at the first poll. 0: not known. */
  usualSeconds: z.optional(z.number()),
  /** When it was decided that it starts nothing, or that a person has to decide. */
  decidedAt: z.optional(z.string()),
  /** The firing for whose sake the service had its execution cancelled (`overlap: cancel-other`). */
  cancelledFor: z.optional(z.string()),
  /** Present when this firing made a budget nearly spent: what is published of it. */
  budgetWarning: z.optional(z.string()),
  /** Kinds of this firing's events that are not published yet; the firing stays open until they are. */
  outbox: z.optional(z.array(kindSchema)),
  /** When the sweep checks it next. Present exactly while it is open. */
  nextCheckAt: z.optional(z.string()),
  /** Until when it, or its request to cancel, belongs to the function that sends it. */
  leaseUntil: z.optional(z.string()),
  /** Epoch seconds; present only on a firing that is not open (DynamoDB TTL). */
  expiresAt: z.optional(z.number()),
  retries: z.optional(
    z.array(
      z.object({
        at: z.string(),
        by: z.string(),
        reason: z.string(),
        from: z.string(),
        /** How many attempts there were before. */
        attempts: z.number(),
        /** Even where the executions list cannot tell whether an earlier attempt started. */
        sendAnyway: z.optional(z.literal(true)),
        requestId: z.optional(z.string()),
      }),
    ),
  ),
  /** Each time a person asked the server to cancel the execution. */
  cancels: z.optional(z.array(z.object({ at: z.string(), by: z.string(), reason: z.string() }))),
  /** Each time a person had the execution judged again, with the verdict before. */
  judgements: z.optional(
    z.array(z.object({ at: z.string(), by: z.string(), before: z.optional(verdictSchema) })),
  ),
};

const OPEN = { nextCheckAt: z.string() };
const SENT = {
  runTestId: uuidSchema,
  sentAt: z.string(),
  attempts: z.tuple([attemptSchema], attemptSchema),
};
const absent = z.optional(z.undefined());
const NONE = { execution: absent, mismatch: absent, result: absent };
const STARTED = { ...SENT, execution: executionSchema, mismatch: z.optional(mismatchSchema) };
const LEASE = { leaseUntil: z.string() };
const RESULT = { result: resultSchema };
const REASON = { reason: z.string() };

/** The shape of a ledger item. Reading parses with it, so a damaged item fails by name instead of acting. */
export const firingSchema = z.discriminatedUnion('state', [
  z.object({ ...COMMON, ...NONE, ...OPEN, state: z.literal('due') }),
  z.object({ ...COMMON, ...NONE, ...OPEN, ...SENT, ...LEASE, state: z.literal('sending') }),
  z.object({ ...COMMON, ...NONE, ...OPEN, ...SENT, state: z.literal('unknown') }),
  z.object({
    ...COMMON,
    ...STARTED,
    result: z.optional(resultSchema),
    state: z.literal('started'),
  }),
  z.object({
    ...COMMON,
    ...STARTED,
    ...RESULT,
    state: z.enum(['completed', 'failed', 'cancelled']),
  }),
  z.object({ ...COMMON, ...STARTED, ...REASON, result: absent, state: z.literal('lost') }),
  z.object({ ...COMMON, ...NONE, ...SENT, ...REASON, state: z.literal('unresolved') }),
  z.object({
    ...COMMON,
    ...NONE,
    ...REASON,
    state: z.enum(['rejected', 'expired', 'skipped', 'missed']),
    skippedBy: z.optional(z.enum(['pause', 'pause-of-all', 'overlap', 'budget'])),
  }),
]);

/** One occurrence of a trigger, as the ledger holds it. Times are ISO 8601 in UTC with milliseconds. */
export type Firing = z.infer<typeof firingSchema>;
type In<State extends Firing['state']> = Extract<Firing, { state: State }>;
/** A firing that is to be sent. */
export type DueFiring = In<'due'>;
/** A firing whose POST a function sends at this moment, or died over. */
export type SendingFiring = In<'sending'>;
/** A firing whose POST came to nothing that tells whether it started. */
export type UnknownFiring = In<'unknown'>;
/** A firing whose execution has started, and may be followed. */
export type StartedFiring = In<'started'>;
/** A firing that certainly started nothing. */
export type NotStartedFiring = In<'rejected' | 'expired' | 'skipped' | 'missed'>;
/** The policy that skipped a firing; `reason` says why. */
export type SkippedBy = NonNullable<NotStartedFiring['skippedBy']>;
/** A firing whose execution came to an end. */
export type FinishedFiring = In<'completed' | 'failed' | 'cancelled'>;
/** A firing that has an execution of its own. */
export type ExecutedFiring = In<'started' | 'completed' | 'failed' | 'cancelled' | 'lost'>;
/** A firing in doubt that a person has to decide on. */
export type UnresolvedFiring = In<'unresolved'>;

/** Part of the firing's id: what arrives twice with the same cause is the same firing. */
export type Cause = z.infer<typeof causeSchema>;
/** One POST of a firing: without an outcome, the function died while it was in flight. */
export type Attempt = z.infer<typeof attemptSchema>;
/** Every POST of a firing, oldest first; never empty once it was sent. */
export type Attempts = SendingFiring['attempts'];
/** What the API created for a firing. */
export type Execution = z.infer<typeof executionSchema>;
/** Written once, when the execution is over, and again only by `judge`. */
export type Result = z.infer<typeof resultSchema>;
/** One scenario that broke; a result has ten at most. */
export type ScenarioResult = z.infer<typeof scenarioSchema>;
/** What a POST asks for: ids, meant as in `ExecuteRequest`. */
export type Selection = z.infer<typeof selectionSchema>;
/** How an execution's scenarios differ from those asked for. */
export type Mismatch = z.infer<typeof mismatchSchema>;

/** Oldest first. Pure. */
export function withAttempt(earlier: readonly Attempt[], last: Attempt): Attempts {
  const [first, ...others] = earlier;
  return first ? [first, ...others, last] : [last];
}

/** `index` is that of an attempt; another one throws a RangeError. Pure. */
export function withAttemptAt(
  attempts: readonly Attempt[],
  index: number,
  attempt: Attempt,
): Attempts {
  const [first = attempt, ...others] = attempts.with(index, attempt);
  return [first, ...others];
}

/** 40 bytes each: an item of the ledger has 400 KB (DynamoDB, "Quotas"), a log line 256 KB. */
export const MOST_KEPT_IDS = 1_000;

/** The execution as the ledger and the log hold it: a list too long for them is left out, never cut. */
export function storable({ scenarioIds, ...execution }: Execution): Execution {
  const fits = scenarioIds && scenarioIds.length <= MOST_KEPT_IDS;
  return { ...execution, ...(fits && { scenarioIds }) };
}
