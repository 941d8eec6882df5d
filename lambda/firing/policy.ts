import * as z from 'zod/mini';

const limit = z.optional(z.number());

/** How much may be started per day and per month; absent, any number. */
const budgetSchema = z.object({
  perDay: limit,
  perMonth: limit,
  scenariosPerDay: limit,
  scenariosPerMonth: limit,
});

/** As many earlier runs as a run may be compared with. */
export const MOST_COMPARED_RUNS = 50;

const scores = z.optional(z.record(z.string(), z.number()));
const names = z.optional(z.array(z.string()));

/** What a finished execution must show to pass. Rates, scores and points are 0 to 100; evaluations go by their names. */
const expectationSchema = z.object({
  minSuccessRate: z.optional(z.number()),
  maxFailedCalls: z.optional(z.number()),
  minEvaluation: scores,
  /** Of these, less is better. */
  maxEvaluation: scores,
  /** Of these, less is better as well. */
  lowerIsBetter: names,
  /** These are not compared. */
  ignoreEvaluations: names,
  /** Compared with so many earlier runs of the same selection; a fall of at most `tolerance` points passes. */
  noWorseThan: z.optional(z.object({ runs: z.number(), tolerance: z.number() })),
});

/**
 * The policies of a trigger, of which each of its firings carries a copy: a later deployment changes none that is
 * already recorded. A new policy is one row here and one in `lib/config/policy-schema.ts`, which says how a person
 * writes it.
 */
export const policySchema = z.object({
  /** So long after the scheduled time (plus its flexible window) or the delivery, nothing is sent any more. */
  startDeadlineMinutes: z.number(),
  /** What to do with a firing whose outcome stayed unknown after the grace period. */
  onUnknown: z.enum(['hold', 'resend']),
  /** How long an execution may take to show up in the list before a lost POST counts as not created. */
  unknownGraceMinutes: z.number(),
  /** What to do with an execution that runs other scenarios than were asked for. Absent: report. */
  onMismatch: z.optional(z.enum(['report', 'cancel'])),
  /** Whether an execution is watched to its end and judged. */
  follow: z.boolean(),
  /** An execution that takes longer counts as lost. */
  maxDurationMinutes: z.number(),
  /** Absent: an execution passes when it completes, with at least one call, and every call completes. */
  expect: z.optional(expectationSchema),
  /** So many runs in a row must fail, or pass again, until people are told; absent: one. */
  alertAfter: z.optional(z.number()),
  recoverAfter: z.optional(z.number()),
  /** What happens to a firing while another one of its trigger is not over (Temporal's overlap policies). */
  overlap: z.enum(['skip', 'buffer-one', 'cancel-other', 'allow']),
  budget: z.optional(budgetSchema),
  /** How often the scenarios that failed are run again, in an execution of their own. */
  retryFailed: z.optional(z.object({ times: z.number(), of: z.literal('scenarios') })),
  /** After so many rejected starts in a row the trigger pauses until a person resumes it. */
  pauseAfterRejected: z.number(),
});

/** What a firing keeps of its trigger: a later deployment does not change a firing that is recorded. */
export type Policies = z.infer<typeof policySchema>;
/** Counted in days and months of the configured time zone, per trigger or for all. */
export type Budget = z.infer<typeof budgetSchema>;
/** Absent parts expect nothing: without any, a run that completes its calls passes. */
export type Expectation = z.infer<typeof expectationSchema>;

/** A part of every day. */
export interface QuietHours {
  /** `22:00` */
  readonly from: string;
  /** `07:00`: of the next day where it is not later. */
  readonly until: string;
  /** IANA. */
  readonly timezone: string;
}
