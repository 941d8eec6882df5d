import * as z from 'zod/mini';
import { type ApiAccess, read, type Unreadable, unreadable } from './future-agi.ts';

const latestSchema = z.object({ execution_id: z.string(), status: z.string() });
const detailSchema = z.object({ status: z.string() });

/**
 * The status word of one execution, in lower case: from the cheap status of the run test's latest execution where
 * that is the one, else from its own page. Never rejects.
 */
export async function executionStatus(
  runTestId: string,
  executionId: string,
  access: ApiAccess,
): Promise<string | Unreadable> {
  const latest = await read(`/simulate/run-tests/${runTestId}/status/`, access);
  const parsed = latestSchema.safeParse(latest.kind === 'read' ? latest.body : undefined);
  if (parsed.data?.execution_id.toLowerCase() === executionId.toLowerCase()) {
    return parsed.data.status.toLowerCase();
  }
  const own = await read(`/simulate/test-executions/${executionId}/`, access);
  if (own.kind === 'unreadable') return own;
  const detail = detailSchema.safeParse(own.body);
  return detail.data?.status.toLowerCase() ?? unreadable('the execution has no readable status');
}
