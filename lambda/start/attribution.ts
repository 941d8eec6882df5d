import type { ListedExecution } from '../api/future-agi.ts';
import { lastAttempt, type UnknownFiring, type UnresolvedFiring } from '../firing/firing.ts';
import { STATES } from '../firing/states.ts';
import type { SentFiring } from '../ledger/ledger.ts';
import { addMinutes, addMs } from '../runtime/time.ts';

/** What the executions list and the ledger say about a lost answer. */
export type Attribution =
  | { readonly kind: 'adopt'; readonly execution: ListedExecution }
  | { readonly kind: 'wait' }
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided'; readonly reason: string };

/** A firing whose last attempt's outcome is unknown. */
type FiringInDoubt = UnknownFiring | UnresolvedFiring;

/** The run test's executions back to the attempt, and its firings sent from `sentPeriodStart` on. */
export interface Listing {
  readonly executions: readonly ListedExecution[];
  /** False when paging ended before the attempt's time was reached. */
  readonly complete: boolean;
  readonly sentFirings: readonly SentFiring[];
}

/** How far any clock, the server's or a function's, may be from the true time. */
export const CLOCK_TOLERANCE_MS = 600_000;
/** Without a list of known executions, one from before the POST could be taken for ours: less tolerance. */
const CLOCK_TOLERANCE_WITHOUT_LIST_MS = 120_000;

/**
 * Decides whose execution is whose, without ever guessing: it adopts one candidate that no other firing could own. `none` is a final answer: the grace period is over and the list was complete.
 */
export function attribute(firing: FiringInDoubt, listing: Listing, now: Date): Attribution {
  const candidates = candidatesOf(firing, listing);
  const rivals = rivalsOf(firing, listing);
  const [only, another] = candidates;
  if (only && !another && rivals.length === 0) return { kind: 'adopt', execution: only };
  if (another && rivals.length === 0) {
    return {
      kind: 'undecided',
      reason: `Several executions could be its own: ${idsOf(candidates)}`,
    };
  }
  if (now < graceEnd(firing)) return { kind: 'wait' };
  if (only) {
    const others = rivals.map(({ id }) => id).join(', ');
    return {
      kind: 'undecided',
      reason: `Its own or those of ${others}, also without an answer: ${idsOf(candidates)}`,
    };
  }
  if (!listing.complete) {
    return {
      kind: 'undecided',
      reason: 'The executions list is too long to rule an execution out',
    };
  }
  return { kind: 'none' };
}

/** The last attempt's end of the time in which its execution may still show up. */
export function graceEnd(firing: FiringInDoubt): Date {
  const settledAt = new Date(lastAttempt(firing).settledAt ?? firing.recordedAt);
  return addMinutes(settledAt, firing.policy.unknownGraceMinutes);
}

/** Before this, no other firing was sent whose execution could be taken for this one's. */
export function sentPeriodStart(firing: FiringInDoubt): Date {
  const sentAt = new Date(lastAttempt(firing).sentAt);
  return addMs(addMinutes(sentAt, -firing.policy.unknownGraceMinutes), -2 * CLOCK_TOLERANCE_MS);
}

/** The earliest start that the last attempt's execution can show. */
export function windowStart(firing: FiringInDoubt): Date {
  const { sentAt, knownExecutions } = lastAttempt(firing);
  const tolerance = knownExecutions ? CLOCK_TOLERANCE_MS : CLOCK_TOLERANCE_WITHOUT_LIST_MS;
  return addMs(new Date(sentAt), -tolerance);
}

function candidatesOf(
  firing: FiringInDoubt,
  { executions, sentFirings }: Listing,
): ListedExecution[] {
  const { knownExecutions, settledAt } = lastAttempt(firing);
  const owned = new Set(sentFirings.map(({ executionId }) => executionId));
  const from = windowStart(firing);
  const to = addMs(new Date(settledAt ?? firing.recordedAt), CLOCK_TOLERANCE_MS);
  return executions.filter(
    (execution) =>
      !owned.has(execution.id) &&
      !knownExecutions?.includes(execution.id) &&
      isWithin(execution.startedAt, from, to) &&
      fits(firing, execution),
  );
}

/** Other firings whose execution one of the candidates could be. */
function rivalsOf(firing: FiringInDoubt, { sentFirings }: Listing): SentFiring[] {
  return sentFirings.filter(({ id, state }) => id !== firing.id && STATES[state].isInDoubt);
}

/** An unreadable start excludes nothing: better one candidate too many than one too few. */
function isWithin(time: Date | undefined, from: Date, to: Date): boolean {
  return time === undefined || (time >= from && time <= to);
}

/** Confirms the scenario set as far as the list tells it. */
function fits(firing: FiringInDoubt, { scenarioIds, totalScenarios }: ListedExecution): boolean {
  const selection = firing.selection ?? firing.execute;
  const asked = new Set(selection.scenarioIds);
  if (asked.size === 0) return true;
  if (!selection.selectAll) {
    return scenarioIds
      ? asked.symmetricDifference(new Set(scenarioIds)).size === 0
      : totalScenarios === undefined || totalScenarios === asked.size;
  }
  return !scenarioIds?.some((id) => asked.has(id));
}

function idsOf(executions: readonly ListedExecution[]): string {
  return executions.map(({ id }) => id).join(', ');
}
