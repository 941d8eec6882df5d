import * as z from 'zod/mini';
import { kindSchema } from './service-event.ts';

const sourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('schedule'), schedule: z.number(), scheduledTime: z.string() }),
  z.object({ kind: z.literal('delivery'), deliveryId: z.string() }),
  z.object({
    kind: z.literal('manual'),
    requestId: z.string(),
    /** Only with this does it start while its trigger is paused. */
    evenIfPaused: z.optional(z.literal(true)),
  }),
]);

const attemptSchema = z.object({
  sentAt: z.string(),
  settledAt: z.optional(z.string()),
  outcome: z.optional(z.enum(['started', 'not-started', 'rejected', 'unknown'])),
  status: z.optional(z.number()),
  message: z.optional(z.string()),
  knownExecutions: z.optional(z.array(z.string())),
});

const selectionSchema = z.object({ selectAll: z.boolean(), scenarioIds: z.array(z.string()) });

const mismatchSchema = z.object({
  surplus: z.array(z.string()),
  missing: z.array(z.string()),
  /** Present where the trigger says `onMismatch: cancel`. `sending` holds a lease, like the firing's own. */
  cancel: z.optional(z.enum(['due', 'sending', 'cancelled', 'not-needed', 'failed'])),
});

const executionSchema = z.object({
  id: z.string(),
  status: z.string(),
  totalScenarios: z.optional(z.number()),
  totalCalls: z.optional(z.number()),
  /** As far as the last look showed. */
  completedCalls: z.optional(z.number()),
  failedCalls: z.optional(z.number()),
  /** When it was first seen to be over. */
  overSince: z.optional(z.string()),
  scenarioIds: z.optional(z.array(z.string())),
});

/** `due`, `sending`, `unknown` and, while it is followed, `started` are open; the others are final. */
export const STATES = [
  'due',
  'sending',
  'unknown',
  'started',
  'completed',
  'failed',
  'cancelled',
  'lost',
  'rejected',
  'unresolved',
  'expired',
  'skipped',
] as const;

/** Scores are 0 to 100. */
export const evaluationsSchema = z.array(z.object({ name: z.string(), score: z.number() }));

const resultSchema = z.object({
  verdict: z.enum(['passed', 'failed', 'inconclusive']),
  /** Why it is no pass; empty when it is one. */
  reasons: z.array(z.string()),
  /** The execution's status word, in lower case. */
  status: z.string(),
  finishedAt: z.string(),
  durationSeconds: z.optional(z.number()),
  totalCalls: z.optional(z.number()),
  completedCalls: z.optional(z.number()),
  failedCalls: z.optional(z.number()),
  /** 0 to 100. */
  successRate: z.optional(z.number()),
  evaluations: z.optional(evaluationsSchema),
});

/** The shape of a ledger item. Reading parses with it, so a damaged item fails by name instead of acting. */
export const firingSchema = z.object({
  id: z.string(),
  trigger: z.string(),
  source: sourceSchema,
  /** Absent only until the name in `runTest` is resolved, which is before the first POST. */
  runTestId: z.optional(z.string()),
  runTest: z.optional(z.string()),
  execute: z.object({
    selectAll: z.boolean(),
    scenarioIds: z.array(z.string()),
    scenarios: z.optional(z.array(z.string())),
    simulatorId: z.optional(z.string()),
  }),
  policy: z.object({
    startDeadlineMinutes: z.number(),
    onUnknown: z.enum(['hold', 'resend']),
    unknownGraceMinutes: z.number(),
    onMismatch: z.optional(z.enum(['report', 'cancel'])),
    follow: z.boolean(),
    maxDurationMinutes: z.number(),
    expect: z.optional(
      z.object({
        minSuccessRate: z.optional(z.number()),
        maxFailedCalls: z.optional(z.number()),
        minEvaluation: z.optional(z.record(z.string(), z.number())),
        noWorseThan: z.optional(z.literal('previous')),
        tolerance: z.number(),
      }),
    ),
    overlap: z.enum(['skip', 'buffer-one', 'cancel-other', 'allow']),
    budget: z.optional(
      z.object({
        perDay: z.optional(z.number()),
        perMonth: z.optional(z.number()),
        scenariosPerDay: z.optional(z.number()),
        scenariosPerMonth: z.optional(z.number()),
      }),
    ),
    pauseAfterRejected: z.number(),
  }),
  /** What the last POST asked for, once `execute` was resolved for the server. */
  selection: z.optional(selectionSchema),
  mismatch: z.optional(mismatchSchema),
  state: z.enum(STATES),
  /** Changes with every write, so a condition on it covers state and lease as well. */
  revision: z.string(),
  recordedAt: z.string(),
  deadline: z.string(),
  attempts: z.array(attemptSchema),
  reason: z.optional(z.string()),
  execution: z.optional(executionSchema),
  executionId: z.optional(z.string()),
  result: z.optional(resultSchema),
  /** The firing for whose sake the service had its execution cancelled (`overlap: cancel-other`). */
  cancelledFor: z.optional(z.string()),
  /** Present when this firing made a budget nearly spent: what is told of it. */
  budgetWarning: z.optional(z.string()),
  /** Service events of this firing that nobody has published yet; the firing stays open until then. */
  outbox: z.optional(z.array(kindSchema)),
  sentAt: z.optional(z.string()),
  leaseUntil: z.optional(z.string()),
  /** Present with `open: 'open'` exactly while the firing is not final: the keys of the sweep's index. */
  nextCheckAt: z.optional(z.string()),
  open: z.optional(z.literal('open')),
  /** Epoch seconds; present only on a final firing (DynamoDB TTL). */
  expiresAt: z.optional(z.number()),
  retries: z.optional(
    z.array(
      z.object({
        at: z.string(),
        by: z.string(),
        reason: z.string(),
        from: z.string(),
        /** How many attempts there were before. Absent in items of before November 2026. */
        attempts: z.optional(z.number()),
      }),
    ),
  ),
});

/** One occurrence of a trigger, as the ledger holds it. Times are ISO 8601 in UTC with milliseconds. */
export type Firing = z.infer<typeof firingSchema>;
/** What caused a firing; the same cause always gives the same firing id. */
export type Source = z.infer<typeof sourceSchema>;
/** One POST of a firing: without an outcome, the function died while it was in flight. */
export type Attempt = z.infer<typeof attemptSchema>;
/** What the API created for a firing. */
export type Execution = z.infer<typeof executionSchema>;

/** What became of an execution, judged by what its trigger expects. */
export type Result = z.infer<typeof resultSchema>;

/** What a POST asks for: ids, meant as in `ExecuteRequest`. */
export type Selection = z.infer<typeof selectionSchema>;
/** How an execution's scenarios differ from those asked for. */
export type Mismatch = z.infer<typeof mismatchSchema>;

/** The id of the run test of a firing that was sent. */
export function runTestIdOf({ id, runTestId }: Firing): string {
  if (runTestId === undefined) throw new Error(`Firing ${id} was sent without a run test`);
  return runTestId;
}

/** 40 bytes each: an item of the ledger has 400 KB (DynamoDB, "Quotas"), a log line 256 KB. */
export const MOST_KEPT_IDS = 1_000;

/** The execution as the ledger and the log hold it: a list too long for them is left out, never cut. */
export function storable({ scenarioIds, ...execution }: Execution): Execution {
  const fits = scenarioIds && scenarioIds.length <= MOST_KEPT_IDS;
  return { ...execution, ...(fits && { scenarioIds }) };
}

/** The moment `minutes` after `time`. */
export function addMinutes(time: Date, minutes: number): Date {
  return new Date(time.getTime() + minutes * 60_000);
}
