import type * as z from 'zod/mini';
import type { Result } from './firing.ts';
import type { reportedResultSchema } from './service-event.ts';

/** A result as the log, events and answers tell it. */
export function reportedResult(result: Result): z.infer<typeof reportedResultSchema> {
  const { verdict, status, durationSeconds, totalCalls, completedCalls, failedCalls } = result;
  return {
    verdict,
    status,
    ...(durationSeconds !== undefined && { duration_seconds: durationSeconds }),
    ...(totalCalls !== undefined && { total_calls: totalCalls }),
    ...(completedCalls !== undefined && { completed_calls: completedCalls }),
    ...(failedCalls !== undefined && { failed_calls: failedCalls }),
    ...(result.successRate !== undefined && { success_rate: result.successRate }),
    ...(result.evaluations && { evaluations: result.evaluations }),
  };
}
