import * as z from 'zod/mini';

const KINDS = [
  'started',
  'passed',
  'failed',
  'inconclusive',
  'lost',
  'mismatch',
  'rejected',
  'unresolved',
  'expired',
  'skipped',
  'missed',
  'recovered',
  'paused',
  'budget',
] as const;

/** The words of `notify.on` in triggers.yaml, and of `detail.kind` in an event. */
export type ServiceEventKind = (typeof KINDS)[number];

/** The `detail-type` of each kind of event, by which EventBridge rules route it. */
export const DETAIL_TYPES: Readonly<Record<ServiceEventKind, string>> = {
  started: 'Execution Started',
  passed: 'Execution Passed',
  failed: 'Execution Failed',
  inconclusive: 'Execution Inconclusive',
  lost: 'Execution Lost',
  mismatch: 'Selection Mismatch',
  rejected: 'Start Rejected',
  unresolved: 'Start Unresolved',
  expired: 'Start Expired',
  skipped: 'Start Skipped',
  missed: 'Schedule Missed',
  recovered: 'Trigger Recovered',
  paused: 'Trigger Paused',
  budget: 'Budget Nearly Spent',
};

/** The `source` of every event that the service publishes on its EventBridge bus. */
export const EVENT_SOURCE = 'run-test-trigger';

/** A kind of event. */
export const kindSchema = z.enum(KINDS);

/** What became of an execution, as events and reports tell it. Rates and scores are 0 to 100. */
export const reportedResultSchema = z.object({
  verdict: z.enum(['passed', 'failed', 'inconclusive']),
  /** As the API calls it, in lower case. */
  status: z.string(),
  duration_seconds: z.optional(z.number()),
  total_calls: z.optional(z.number()),
  completed_calls: z.optional(z.number()),
  failed_calls: z.optional(z.number()),
  success_rate: z.optional(z.number()),
  evaluations: z.optional(z.array(z.object({ name: z.string(), score: z.number() }))),
});

/**
 * The `detail` of a published event; docs/service-event.schema.json is generated from it. Each is delivered at least
 * once; copies have the same `id`. Within a version, fields are only added.
 */
export const serviceEventSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  kind: kindSchema,
  trigger: z.string(),
  /** Absent where no firing is concerned, as of a missed schedule. */
  firing: z.optional(z.string()),
  /** When it happened, ISO 8601 in UTC. */
  time: z.string(),
  /** Why, a sentence each; empty where there is nothing to explain. */
  reasons: z.array(z.string()),
  what_to_do: z.optional(z.string()),
  /** The execution's page for a person. */
  link: z.optional(z.string()),
  run_test_id: z.optional(z.string()),
  execution_id: z.optional(z.string()),
  schedule: z.optional(z.object({ index: z.number(), scheduled_time: z.string() })),
  result: z.optional(reportedResultSchema),
  /** True when people were told of the same problem of this trigger a short while ago. */
  repeated: z.boolean(),
});

/** The detail of a published event. */
export type ServiceEvent = z.infer<typeof serviceEventSchema>;
