import * as z from 'zod/mini';
import { snakeCased } from '../runtime/snake-cased.ts';
import { kindSchema, severitySchema } from './event-kind.ts';
import type { Result } from './firing.ts';

/** The `source` of every event that the service publishes on its EventBridge bus. */
export const EVENT_SOURCE = 'run-test-trigger';

/** What became of an execution. Rates and scores are 0 to 100. */
const reportedResultSchema = z.object({
  verdict: z.enum(['passed', 'failed', 'inconclusive']),
  /** As the API calls it, in lower case. */
  status: z.string(),
  duration_seconds: z.optional(z.number()),
  total_calls: z.optional(z.number()),
  completed_calls: z.optional(z.number()),
  failed_calls: z.optional(z.number()),
  success_rate: z.optional(z.number()),
  /** `score` is absent where no call was scored; `scored` is the number of calls with an output. */
  evaluations: z.optional(
    z.array(
      z.object({
        name: z.string(),
        score: z.optional(z.number()),
        passed: z.optional(z.number()),
        scored: z.optional(z.number()),
      }),
    ),
  ),
  /** The scenarios that did not pass entirely, the worst first. */
  scenarios: z.optional(
    z.array(
      z.object({
        name: z.string(),
        passed: z.number(),
        of: z.number(),
        ended_reasons: z.optional(z.array(z.object({ reason: z.string(), calls: z.number() }))),
        failed_evaluations: z.optional(
          z.array(z.object({ name: z.string(), calls: z.number(), reason: z.string() })),
        ),
        cost_cents: z.optional(z.number()),
      }),
    ),
  ),
  /** Of all calls, in US cents. */
  cost_cents: z.optional(z.number()),
  /** What was compared, and what the comparison cannot show. */
  notes: z.optional(z.array(z.string())),
});

/** The `detail` of an event of which each one is an event of its own as well: people get one message for all of them. */
export const severalEventsSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  kind: z.literal('several'),
  time: z.string(),
  triggers: z.array(z.string()),
  events: z.array(
    z.object({
      id: z.string(),
      kind: kindSchema,
      trigger: z.string(),
      firing: z.optional(z.string()),
      link: z.optional(z.string()),
      /** The first reason; may be empty. */
      reason: z.string(),
    }),
  ),
  /** Of events that waited for the end of the quiet hours: when those began. */
  quiet_since: z.optional(z.string()),
  repeated: z.literal(false),
});
/** One message for many: a burst of the same problem, or what waited for the end of quiet hours. */
export type SeveralEvents = z.infer<typeof severalEventsSchema>;

/** Of the runs of which the server told it; it is asked for the calls of a run only where the run did not pass or is compared. */
const costSchema = z.object({ cents: z.number(), runs: z.number() });

/** The `detail` of a summary: what the firings of each trigger came to in a period. */
export const summaryEventSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  kind: z.literal('summary'),
  time: z.string(),
  /** The period: from the end of the one before to the time of this one. */
  from: z.string(),
  until: z.string(),
  /** Of all triggers: how many firings came to what, by verdict, or by state where there is no verdict. */
  outcomes: z.record(z.string(), z.number()),
  cost: z.optional(costSchema),
  /** Those with a firing in the period, at most 500. */
  triggers: z.array(
    z.object({
      trigger: z.string(),
      outcomes: z.record(z.string(), z.number()),
      /** Of the runs with a verdict, how many of 100 passed. */
      success_rate: z.optional(z.number()),
      cost: z.optional(costSchema),
    }),
  ),
  repeated: z.literal(false),
});
/** Of one day or week, by trigger; at most once a period. */
export type SummaryEvent = z.infer<typeof summaryEventSchema>;
/** What is put on the bus. */
export type Published = ServiceEvent | SeveralEvents | SummaryEvent;

/** A result in events, answers and the log. */
export type ReportedResult = z.infer<typeof reportedResultSchema>;

/**
 * The `detail` of a published event; docs/service-event.schema.json is generated from it. Each is delivered at least
 * once; copies have the same `id`. Within a version, fields are only added.
 */
export const serviceEventSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  kind: kindSchema,
  severity: z.optional(severitySchema),
  trigger: z.string(),
  firing: z.string(),
  /** When it happened, ISO 8601 in UTC. */
  time: z.string(),
  /** Why, a sentence each; empty where there is nothing to explain. */
  reasons: z.array(z.string()),
  what_to_do: z.optional(z.string()),
  /** The execution's page for a person. */
  link: z.optional(z.string()),
  /** The run test's page for a person. */
  run_test_link: z.optional(z.string()),
  run_test_id: z.optional(z.string()),
  execution_id: z.optional(z.string()),
  /** The change that the firing's delivery was of. */
  change: z.optional(
    z.object({
      provider: z.enum(['github', 'gitlab']),
      repository: z.string(),
      commit: z.string(),
      pull_request: z.optional(z.number()),
    }),
  ),
  schedule: z.optional(z.object({ name: z.string(), scheduled_time: z.string() })),
  result: z.optional(reportedResultSchema),
  /** Of `recovered`: the problems that are over, each with the time of its first run and how many runs had it. */
  ended: z.optional(z.array(z.object({ kind: kindSchema, since: z.string(), runs: z.number() }))),
  /** The id of the event of several (`kind` "several") in which people are told of it; absent: it is told alone. */
  told_in: z.optional(z.string()),
  /** Of `failed`: the firing that tries the failed scenarios again; people are told when that is over. */
  retried_as: z.optional(z.string()),
  /** True while fewer runs in a row have failed than `alertAfter` says, and while it flaps: people are not told. */
  held: z.optional(z.literal(true)),
  /** True when the same problem was published a short while ago and goes on: people are not told again. */
  repeated: z.boolean(),
});

/** The detail on the event bus, in snake_case as docs/events.md has it; consumers parse it too. */
export type ServiceEvent = z.infer<typeof serviceEventSchema>;

/** What is published of a result; its reasons are told as those of the event. */
export function reportedResult(result: Result): ReportedResult {
  return reportedResultSchema.parse(snakeCased(result));
}
