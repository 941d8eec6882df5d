import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod';
import { appendJsonLine, readJsonLines } from '../files/state-file.ts';

/** A scenario of a run test; each of its rows is a call. */
export interface Scenario {
  readonly id: string;
  readonly name: string;
  readonly rows: number;
}

const startedSchema = z.object({
  id: z.string(),
  runTestId: z.string(),
  scenarioIds: z.array(z.string()),
  simulatorId: z.string().optional(),
  totalCalls: z.number(),
  startedAt: z.iso.datetime(),
});
const entrySchema = z.union([
  z.object({ started: startedSchema }),
  z.object({ cancelled: z.object({ id: z.string(), at: z.iso.datetime() }) }),
]);

/** As it was started and is kept on disk; its progress is computed from the time. */
export type StartedExecution = z.infer<typeof startedSchema>;

/** At one moment. Calls that are still to come are in neither number. */
export interface Progress {
  readonly status: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';
  readonly completedCalls: number;
  readonly failedCalls: number;
  /** Present when it is final. */
  readonly completedAt?: Date;
}

/** Decides how an execution goes. It is asked again for each answer, so it must always say the same. */
export interface Course {
  /** Of the first `calls` calls, how many fail. */
  failures(calls: number): number;
  readonly ends: 'COMPLETED' | 'FAILED' | 'never';
  /** Absent: 20 s. */
  readonly durationMs?: number;
}

const PENDING_MS = 2_000;
/** An execution takes this long in all, however many calls it makes. */
const DURATION_MS = 20_000;
/** One call in this many fails. */
const FAILING = 12;

/**
 * Opens the executions kept in `file`, one JSON object per line: every one is on disk before `start` returns. Throws InputError
 * when it is damaged.
 */
export function openExecutions(file: string, courseOf = usualCourse) {
  const started = new Map<string, StartedExecution>();
  const cancelled = new Map<string, Date>();
  for (const entry of readJsonLines(file, entrySchema)) {
    if ('started' in entry) started.set(entry.started.id, entry.started);
    else cancelled.set(entry.cancelled.id, new Date(entry.cancelled.at));
  }
  const progress = (execution: StartedExecution, now: Date) =>
    progressOf(execution, courseOf(execution), cancelled.get(execution.id), now);

  return {
    /** Of this run test, newest first. */
    of: (runTestId: string) =>
      [...started.values()].filter((execution) => execution.runTestId === runTestId).reverse(),
    find: (id: string) => started.get(id),
    start(request: Omit<StartedExecution, 'id' | 'startedAt'>, now: Date): StartedExecution {
      const execution = { ...request, id: randomUUID(), startedAt: now.toISOString() };
      appendJsonLine(file, { started: execution });
      started.set(execution.id, execution);
      return execution;
    },
    /** Without effect on one that is final. */
    cancel(execution: StartedExecution, now: Date): void {
      if (progress(execution, now).completedAt) return;
      appendJsonLine(file, { cancelled: { id: execution.id, at: now.toISOString() } });
      cancelled.set(execution.id, now);
    },
    progress,
    /** Whether this call fails, the first being 0. */
    failed(execution: StartedExecution, call: number): boolean {
      const { failures } = courseOf(execution);
      return failures(call + 1) > failures(call);
    },
  };
}

/** What it starts or cancels is on disk before it returns. */
export type Executions = ReturnType<typeof openExecutions>;

function progressOf(
  execution: StartedExecution,
  { failures, ends, durationMs = DURATION_MS }: Course,
  cancelledAt: Date | undefined,
  now: Date,
): Progress {
  const startedAt = new Date(execution.startedAt).getTime();
  const elapsedMs = (cancelledAt ?? now).getTime() - startedAt;
  const done = Math.min(Math.max((elapsedMs - PENDING_MS) / (durationMs - PENDING_MS), 0), 1);
  const finished = Math.floor(done * execution.totalCalls);
  const failedCalls = failures(finished);
  const counts = { completedCalls: finished - failedCalls, failedCalls };
  if (cancelledAt) return { status: 'CANCELLED', ...counts, completedAt: cancelledAt };
  if (elapsedMs < PENDING_MS) return { status: 'PENDING', ...counts };
  if (done < 1 || ends === 'never') return { status: 'RUNNING', ...counts };
  return { status: ends, ...counts, completedAt: new Date(startedAt + durationMs) };
}

/** It completes, and always the same few of its calls fail. */
function usualCourse({ id }: StartedExecution): Course {
  const fails = (call: number) =>
    createHash('sha256').update(`${id}/${call}`).digest().readUInt32BE() % FAILING === 0;
  return {
    failures: (calls) => Array.from({ length: calls }, (_, call) => call).filter(fails).length,
    ends: 'COMPLETED',
  };
}
