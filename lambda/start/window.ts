import type { ListedExecution } from '../api/future-agi.ts';
import type { Attempt } from '../firing/firing.ts';
import { LEASE_MS } from '../runtime/limits.ts';
import { addMs } from '../runtime/time.ts';

/** A `Date` header has whole seconds, and its answer was under way for some. */
const DATE_TOLERANCE_MS = 5_000;
/** How far a server's clock may be from ours where it sends no `Date`. Beyond it, an execution is not found. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * When an execution of an attempt can have begun, by the server's clock: from when the request left to the beginning of
 * its answer or, without one, to the end of its sender's life. Nothing from before is let in unless known executions tell
 * what was there before.
 */
export function windowOf(attempt: Attempt): { readonly from: Date; readonly to: Date } {
  const { sentAt, serverSentAt, knownExecutions } = attempt;
  const tolerance = serverSentAt === undefined ? CLOCK_TOLERANCE_MS : DATE_TOLERANCE_MS;
  const sent = new Date(serverSentAt ?? sentAt);
  return {
    from: addMs(sent, knownExecutions ? -tolerance : 0),
    to: answerOf(attempt) ?? addMs(sent, LEASE_MS + tolerance),
  };
}

/** Whether an attempt could have started this execution, whatever that runs. */
export function couldBeOf(attempt: Attempt, { id, startedAt }: ListedExecution): boolean {
  const { knownExecutions } = attempt;
  if (knownExecutions?.includes(id)) return false;
  if (!startedAt) return knownExecutions !== undefined;
  const { from, to } = windowOf(attempt);
  return startedAt >= from && startedAt <= to;
}

function answerOf({ status, settledAt, serverAnsweredAt }: Attempt): Date | undefined {
  if (serverAnsweredAt !== undefined) return addMs(new Date(serverAnsweredAt), DATE_TOLERANCE_MS);
  const isAnswered = status !== undefined && settledAt !== undefined;
  return isAnswered ? addMs(new Date(settledAt), CLOCK_TOLERANCE_MS) : undefined;
}
