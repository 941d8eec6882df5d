import * as z from 'zod/mini';
import { lowerUuid } from '../firing/selection.ts';
import { type ApiAccess, read, type Unreadable, unreadable } from './future-agi.ts';
import { MESSAGE_LIMIT } from './outcome.ts';

/** How far an execution is. Calls and rate are absent where the server does not tell. */
export interface ExecutionProgress {
  /** In lower case. */
  readonly status: string;
  readonly totalCalls?: number;
  readonly completedCalls?: number;
  readonly failedCalls?: number;
  /** 0 to 100. */
  readonly successRate?: number;
  readonly durationSeconds?: number;
  /** The API's own words. */
  readonly errorReason?: string;
}

const RUN_TESTS = '/simulate/run-tests';
/** The newest executions of a run test; one that is followed is rarely older. */
const PAGE_SIZE = 25;

/**
 * The progress of one execution, from the cheapest place that has it: the run test's latest status where that is
 * the one, the executions list, its own page (which the public server answers with 500 for an unknown id). Only
 * where none of them may be read is that permanent. Never rejects.
 */
export async function executionProgress(
  runTestId: string,
  executionId: string,
  access: ApiAccess,
): Promise<ExecutionProgress | Unreadable> {
  const sources = [
    () => latestItem(runTestId, access),
    () => newestItems(runTestId, access),
    () => ownItem(executionId, access),
  ];
  const failures: Unreadable[] = [];
  for (const source of sources) {
    const found = await source();
    if (!Array.isArray(found)) {
      failures.push(found);
      continue;
    }
    const item = found.find((one) => lowerUuid(one.execution_id ?? one.id ?? '') === executionId);
    if (item) return progressOf(item);
  }
  const passing = failures.find(({ permanent }) => !permanent);
  return passing ?? failures.at(-1) ?? unreadable('no list of the server has the execution');
}

const text = z.catch(z.optional(z.string()), undefined);
const number = z.catch(z.optional(z.number()), undefined);
/** An execution in any of the API's shapes (Future AGI API, "Following an execution"). */
const itemSchema = z.object({
  id: text,
  execution_id: text,
  status: z.catch(z.string(), 'unknown'),
  total_calls: number,
  calls: number,
  completed_calls: number,
  connected_calls: number,
  failed_calls: number,
  success_rate: number,
  duration_seconds: number,
  start_time: text,
  started_at: text,
  end_time: text,
  completed_at: text,
  error_reason: text,
});
type Item = z.infer<typeof itemSchema>;

async function latestItem(runTestId: string, access: ApiAccess): Promise<Item[] | Unreadable> {
  return items(
    await read(`${RUN_TESTS}/${encodeURIComponent(runTestId)}/status/`, access),
    (body) => [body],
  );
}

async function newestItems(runTestId: string, access: ApiAccess): Promise<Item[] | Unreadable> {
  const path = `${RUN_TESTS}/${encodeURIComponent(runTestId)}/executions/?page=1&limit=${PAGE_SIZE}`;
  return items(await read(path, access), (body) => {
    const list = z.object({ results: z.array(z.unknown()) }).safeParse(body);
    return list.success ? list.data.results : [];
  });
}

async function ownItem(executionId: string, access: ApiAccess): Promise<Item[] | Unreadable> {
  const answer = await read(
    `/simulate/test-executions/${encodeURIComponent(executionId)}/`,
    access,
  );
  // The page was asked for by its id, so it need not repeat it.
  return items(answer, (body) => [
    { execution_id: executionId, ...(typeof body === 'object' && body) },
  ]);
}

function items(
  answer: Awaited<ReturnType<typeof read>>,
  itemsIn: (body: unknown) => unknown[],
): Item[] | Unreadable {
  if (answer.kind === 'unreadable') return answer;
  return itemsIn(answer.body).flatMap((item) => itemSchema.safeParse(item).data ?? []);
}

function progressOf(item: Item): ExecutionProgress {
  const totalCalls = item.total_calls ?? item.calls;
  const completedCalls = item.completed_calls ?? item.connected_calls;
  const durationSeconds = item.duration_seconds ?? secondsBetween(item);
  return {
    status: item.status.toLowerCase(),
    ...(totalCalls !== undefined && { totalCalls }),
    ...(completedCalls !== undefined && { completedCalls }),
    ...(item.failed_calls !== undefined && { failedCalls: item.failed_calls }),
    ...(item.success_rate !== undefined && { successRate: rounded(item.success_rate) }),
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(item.error_reason && { errorReason: item.error_reason.slice(0, MESSAGE_LIMIT) }),
  };
}

function secondsBetween(item: Item): number | undefined {
  const start = Date.parse(item.start_time ?? item.started_at ?? '');
  const end = Date.parse(item.end_time ?? item.completed_at ?? '');
  return end >= start ? Math.round((end - start) / 1000) : undefined;
}

/** Two decimals: more mean nothing, and make a text hard to read. */
export function rounded(rate: number): number {
  return Math.round(rate * 100) / 100;
}
