import * as z from 'zod/mini';
import { lowerUuid } from '../firing/selection.ts';
import { boundedText } from '../runtime/bounded-text.ts';
import { type ApiAccess, read, readPage, type Unreadable, unreadable } from './future-agi.ts';
import { MESSAGE_LIMIT } from './outcome.ts';
import {
  isCount,
  isPercentage,
  partOf,
  percentageOf,
  toldNumber,
  toldText,
} from './told-number.ts';

/** How far an execution is. Calls and rate are absent where the server does not tell them, or nothing sensible. */
export interface ExecutionProgress {
  /** In lower case. */
  readonly status: string;
  readonly totalCalls?: number;
  /** Calls that ran to their end. */
  readonly completedCalls?: number;
  readonly failedCalls?: number;
  /** Share of the calls that completed, 0 to 100, with two decimals. */
  readonly successRate?: number;
  readonly durationSeconds?: number;
  /** The API's own words. */
  readonly errorReason?: string;
  /** What makes no sense in the server's numbers, such as `success_rate is 9500`. */
  readonly senseless?: readonly string[];
}

/** A poll that told nothing; the next one asks again. */
export interface NoProgress extends Unreadable {
  /** Every place of the server was read, and none has the execution. */
  readonly isMissing?: true;
}

const RUN_TESTS = '/simulate/run-tests';
const PAGE_SIZE = 25;
/** 250 executions: one that is followed for days beside busy triggers is still among them. */
const MOST_PAGES = 10;
/** No status word is longer; it is kept in the ledger. */
const STATUS_LENGTH = 50;

/**
 * The progress of one execution, from the cheapest place that has it: the run test's latest status where that is
 * the one, the executions list, its own page. Only where none of them may be read is that permanent. Never rejects.
 */
export async function executionProgress(
  runTestId: string,
  executionId: string,
  access: ApiAccess,
): Promise<ExecutionProgress | NoProgress> {
  const isIt = (item: Item) => lowerUuid(item.execution_id ?? item.id ?? '') === executionId;
  const path = `${RUN_TESTS}/${encodeURIComponent(runTestId)}/status/`;
  const latest = itemOf(await read(path, access), {});
  if ('item' in latest && isIt(latest.item)) return withSummary(latest.item, executionId, access);
  const listed = await listedItem(runTestId, isIt, access);
  if ('item' in listed) return withSummary(listed.item, executionId, access);
  const own = await ownItem(executionId, access);
  if ('item' in own) return withSummary(own.item, executionId, access);

  // The public server answers 500 for the page of an id that it does not have, and 404 to all of a deleted run test.
  const isListGone = 'status' in listed && listed.status === 404;
  const isRunTestGone = isListGone && own.status === 500;
  const isNowhere = listed.kind === 'absent' && (own.status === 404 || own.status === 500);
  if (isNowhere || isRunTestGone) {
    return { ...unreadable('No list of the server has the execution any more'), isMissing: true };
  }
  const failures = [latest, listed, own].filter((place) => 'permanent' in place);
  return failures.find(({ permanent }) => !permanent) ?? own;
}

/** An execution in any of the API's shapes (Future AGI API, "Following an execution"). */
const itemSchema = z.object({
  id: toldText,
  execution_id: toldText,
  status: z.catch(z.string(), 'unknown'),
  total_calls: toldNumber,
  calls: toldNumber,
  completed_calls: toldNumber,
  failed_calls: toldNumber,
  success_rate: toldNumber,
  duration_seconds: toldNumber,
  start_time: toldText,
  started_at: toldText,
  end_time: toldText,
  completed_at: toldText,
  error_reason: toldText,
});
type Item = z.infer<typeof itemSchema>;

/** `absent`: the whole list was read. */
async function listedItem(runTestId: string, isIt: (item: Item) => boolean, access: ApiAccess) {
  const path = `${RUN_TESTS}/${encodeURIComponent(runTestId)}/executions/?`;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const read = await readPage(path, { page, size: PAGE_SIZE, what: 'executions list' }, access);
    if (read.kind === 'unreadable') return read;
    const item = read.results.flatMap((one) => itemSchema.safeParse(one).data ?? []).find(isIt);
    if (item) return { item };
    if (read.isLast) return { kind: 'absent' } as const;
  }
  return { kind: 'further-back' } as const;
}

const callsPageSchema = z.object({ count: toldNumber, results: z.array(z.unknown()) });

/** The public server's page is a list of calls with the execution's status; it need not repeat the id. */
async function ownItem(executionId: string, access: ApiAccess) {
  const answer = await read(
    `/simulate/test-executions/${encodeURIComponent(executionId)}/?page=1&limit=1`,
    access,
  );
  const page = answer.kind === 'read' ? callsPageSchema.safeParse(answer.body).data : undefined;
  return itemOf(answer, {
    execution_id: executionId,
    ...(page?.count !== undefined && { total_calls: page.count }),
  });
}

function itemOf(answer: Awaited<ReturnType<typeof read>>, added: Partial<Item>) {
  if (answer.kind === 'unreadable') return answer;
  const body = typeof answer.body === 'object' ? answer.body : {};
  const item = itemSchema.safeParse({ ...added, ...body });
  return item.success ? { item: item.data } : unreadable('the answer has no readable form');
}

const summarySchema = z.object({
  test_run_performance_metrics: z.object({ pass_rate: z.number(), total_test_runs: z.number() }),
});

/** The item's progress; how many calls completed is asked for where it is over and the item does not tell. */
async function withSummary(item: Item, executionId: string, access: ApiAccess) {
  const progress = progressOf(item);
  const { status, totalCalls, completedCalls, senseless } = progress;
  const isTold = totalCalls !== undefined && completedCalls !== undefined;
  if (!isFinalStatus(status) || isTold || senseless) return progress;
  const path = `/simulate/test-executions/${encodeURIComponent(executionId)}/performance-summary/`;
  const answer = await read(path, access);
  const summary = answer.kind === 'read' && summarySchema.safeParse(answer.body).data;
  if (!summary) return progress;
  const { pass_rate, total_test_runs } = summary.test_run_performance_metrics;
  return progressOf({ ...item, total_calls: total_test_runs, success_rate: pass_rate });
}

function progressOf(item: Item): ExecutionProgress {
  const senseless = senselessIn(item);
  const numbers = senseless.length === 0 ? callsOf(item) : {};
  const durationSeconds = durationOf(item);
  return {
    status: boundedText(item.status.toLowerCase(), STATUS_LENGTH),
    ...numbers,
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(item.error_reason && { errorReason: boundedText(item.error_reason, MESSAGE_LIMIT) }),
    ...(senseless.length > 0 && { senseless }),
  };
}

/** `connected_calls` of the public server is not among them: a call that connected may have failed. */
function callsOf(item: Item) {
  const { success_rate: rate, failed_calls } = item;
  const totalCalls = item.total_calls ?? item.calls;
  const counted =
    totalCalls !== undefined && rate !== undefined ? partOf(totalCalls, rate) : undefined;
  const completedCalls = item.completed_calls ?? counted;
  const successRate =
    totalCalls && completedCalls !== undefined ? percentageOf(completedCalls, totalCalls) : rate;
  return {
    ...(totalCalls !== undefined && { totalCalls }),
    ...(completedCalls !== undefined && { completedCalls }),
    ...(failed_calls !== undefined && { failedCalls: failed_calls }),
    ...(successRate !== undefined && { successRate: percentageOf(successRate, 100) }),
  };
}

function senselessIn(item: Item): string[] {
  const { total_calls, calls, completed_calls, failed_calls, success_rate } = item;
  const counts = Object.entries({ total_calls, calls, completed_calls, failed_calls });
  const wrong = counts.filter(([, number]) => number !== undefined && !isCount(number));
  const isRate = success_rate === undefined || isPercentage(success_rate);
  const rates = isRate ? [] : [['success_rate', success_rate] as const];
  const told = [...wrong, ...rates].map(([name, number]) => `${name} is ${number}`);
  const total = total_calls ?? calls;
  const ended = (completed_calls ?? 0) + (failed_calls ?? 0);
  const isTooMany = total !== undefined && ended > total;
  return told.length === 0 && isTooMany ? [`${ended} of ${total} calls are over`] : told;
}

/** Ten years: what is longer is not a duration. */
const MOST_SECONDS = 315_360_000;

function durationOf(item: Item): number | undefined {
  const start = Date.parse(item.start_time ?? item.started_at ?? '');
  const end = Date.parse(item.end_time ?? item.completed_at ?? '');
  const seconds = item.duration_seconds ?? Math.round((end - start) / 1000);
  return seconds >= 0 && seconds <= MOST_SECONDS ? seconds : undefined;
}

/** In these nothing changes any more. An unknown word counts as not final. */
export const FINAL_STATUSES = ['completed', 'failed', 'cancelled'] as const;

/** Whether an execution of this status, in lower case, is over. */
export function isFinalStatus(status: string): boolean {
  return FINAL_STATUSES.some((final) => final === status);
}
