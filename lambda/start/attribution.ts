import type { ListedExecution } from '../api/future-agi.ts';
import { type Attempt, addMinutes, type Firing } from '../firing/firing.ts';
import type { SentFiring } from '../ledger/ledger.ts';

/** What one look at the executions list and the ledger says about a lost answer. */
export type Verdict =
  | { readonly kind: 'adopt'; readonly execution: ListedExecution }
  | { readonly kind: 'wait' }
  | { readonly kind: 'none' }
  | { readonly kind: 'hold'; readonly reason: string };

/** What was seen: the run test's executions back to the attempt, and its firings sent from `sentPeriodStart` on. */
export interface Sighting {
  readonly executions: readonly ListedExecution[];
  /** False when paging ended before the attempt's time was reached. */
  readonly complete: boolean;
  readonly sentFirings: readonly SentFiring[];
}

/** How far any clock, the server's or a function's, may be from the true time. */
export const CLOCK_TOLERANCE_MS = 600_000;
/** Without a list of known executions an execution from before the POST could be taken for ours: look back less. */
const CLOCK_TOLERANCE_WITHOUT_BASELINE_MS = 120_000;

/** Firings in these states may own an execution that nobody has attributed yet. */
const UNSETTLED = new Set(['sending', 'unknown', 'unresolved']);

/**
 * Decides whose execution is whose, without ever guessing: one candidate and nobody else who could own it, or
 * no adoption. `none` is a final answer: the grace period is over and the look was complete.
 */
export function judge(firing: Firing, sighting: Sighting, now: Date): Verdict {
  const candidates = candidatesOf(firing, sighting);
  const rivals = rivalsOf(firing, sighting);
  const [only, another] = candidates;
  if (only && !another && rivals.length === 0) return { kind: 'adopt', execution: only };
  if (another && rivals.length === 0) {
    return { kind: 'hold', reason: `Several executions could be its own: ${idsOf(candidates)}` };
  }
  if (now < graceEnd(firing)) return { kind: 'wait' };
  if (only) {
    const others = rivals.map(({ id }) => id).join(', ');
    return {
      kind: 'hold',
      reason: `Its own or those of ${others}, also without an answer: ${idsOf(candidates)}`,
    };
  }
  if (!sighting.complete) {
    return { kind: 'hold', reason: 'The executions list is too long to rule an execution out' };
  }
  return { kind: 'none' };
}

/** The last attempt's end of the time in which its execution may still show up. */
export function graceEnd(firing: Firing): Date {
  const settledAt = new Date(lastAttempt(firing).settledAt ?? firing.recordedAt);
  return addMinutes(settledAt, firing.policy.unknownGraceMinutes);
}

/** Before this, no other firing was sent whose execution could be taken for this one's. */
export function sentPeriodStart(firing: Firing): Date {
  const graceMs = firing.policy.unknownGraceMinutes * 60_000;
  const sentAt = new Date(lastAttempt(firing).sentAt).getTime();
  return new Date(sentAt - graceMs - 2 * CLOCK_TOLERANCE_MS);
}

/** The earliest start that the last attempt's execution can show. */
export function windowStart(firing: Firing): Date {
  const { sentAt, knownExecutions } = lastAttempt(firing);
  const tolerance = knownExecutions ? CLOCK_TOLERANCE_MS : CLOCK_TOLERANCE_WITHOUT_BASELINE_MS;
  return new Date(new Date(sentAt).getTime() - tolerance);
}

/** The attempt whose outcome is unknown. */
export function lastAttempt(firing: Firing): Attempt {
  const attempt = firing.attempts.at(-1);
  if (!attempt) throw new Error(`Firing ${firing.id} is ${firing.state} without an attempt`);
  return attempt;
}

function candidatesOf(firing: Firing, { executions, sentFirings }: Sighting): ListedExecution[] {
  const { knownExecutions, settledAt } = lastAttempt(firing);
  const owned = new Set(sentFirings.map(({ executionId }) => executionId));
  const from = windowStart(firing);
  const to = new Date(new Date(settledAt ?? firing.recordedAt).getTime() + CLOCK_TOLERANCE_MS);
  return executions.filter(
    (execution) =>
      !owned.has(execution.id) &&
      !knownExecutions?.includes(execution.id) &&
      isWithin(execution.startedAt, from, to) &&
      fits(firing, execution),
  );
}

/** Other firings whose execution one of the candidates could be. */
function rivalsOf(firing: Firing, { sentFirings }: Sighting): SentFiring[] {
  return sentFirings.filter(({ id, state }) => id !== firing.id && UNSETTLED.has(state));
}

/** An unreadable start excludes nothing: better one candidate too many than one too few. */
function isWithin(time: Date | undefined, from: Date, to: Date): boolean {
  return time === undefined || (time >= from && time <= to);
}

/** Confirms the scenario set as far as the list tells it. */
function fits(firing: Firing, { scenarioIds, totalScenarios }: ListedExecution): boolean {
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
