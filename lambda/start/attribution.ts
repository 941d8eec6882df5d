import type { ListedExecution } from '../api/future-agi.ts';
import type { Scenario } from '../api/selection-plan.ts';
import { attemptsInDoubt } from '../firing/doubt.ts';
import type { Attempt, Firing } from '../firing/firing.ts';
import { addMinutes, addMs } from '../runtime/time.ts';
import { type Fit, fitOf } from './scenario-fit.ts';
import { couldBeOf, windowOf } from './window.ts';

/** What the executions list and the ledger say about a firing's attempts in doubt. */
export type Attribution =
  | { readonly kind: 'adopt'; readonly execution: ListedExecution }
  | { readonly kind: 'wait' }
  | { readonly kind: 'none' }
  | { readonly kind: 'undecided'; readonly reason: string };

/** An execution, with what the ledger and the run test's scenarios tell of it. */
export interface Candidate {
  readonly execution: ListedExecution;
  readonly fit: Fit;
  /** Other firings that it could be of, as far as they are in doubt themselves. */
  readonly rivals: readonly string[];
}

/** The candidates among the executions back to the oldest attempt in doubt. */
export interface Findings {
  readonly candidates: readonly Candidate[];
  /** False when paging ended before that attempt's time was reached. */
  readonly complete: boolean;
  /** By the server's clock. */
  readonly listedAt: Date;
}

/** The index of sent firings follows the ledger within a second, and tells whether another firing was sent as well. */
const SETTLED_MS = 10_000;

/**
 * Decides whose execution is whose, without ever guessing: it adopts one candidate that has what was asked for and that
 * no other firing could own. `none` is a final answer: the grace period is over, the list was complete, and
 * nothing began at that time that is not accounted for. Pure.
 */
export function attribute(firing: Firing, findings: Findings, now: Date): Attribution {
  const { candidates, complete, listedAt } = findings;
  const rivals = [...new Set(candidates.flatMap((each) => each.rivals))];
  const isYoung = candidates.some(({ execution: { startedAt } }) =>
    startedAt ? addMs(startedAt, SETTLED_MS) > listedAt : false,
  );
  const fitting = candidates.filter(({ fit }) => fit !== 'no');
  const [only, another] = fitting;
  const isCertain = rivals.length === 0 && !isYoung;
  if (only && !another && only.fit === 'yes' && isCertain) {
    return { kind: 'adopt', execution: only.execution };
  }
  if (another && isCertain) return undecided('Several executions could be its own', fitting);
  if (now < graceEnd(firing)) return { kind: 'wait' };
  if (rivals.length > 0) {
    const firings = `This firing or ${rivals.join(', ')}, also without an answer,`;
    return undecided(`${firings} may have started`, candidates);
  }
  if (another) return undecided('Several executions could be its own', fitting);
  if (only)
    return undecided(
      'One execution could be its own, but its time or scenarios cannot be read',
      fitting,
    );
  if (candidates.length > 0) {
    return undecided('An execution began at that time, but runs other scenarios', candidates);
  }
  if (!complete) {
    const reason = 'The list of executions is too long to tell that none is its own';
    return { kind: 'undecided', reason };
  }
  return { kind: 'none' };
}

/** When an execution of any attempt in doubt would have shown up. */
export function graceEnd(firing: Pick<Firing, 'attempts' | 'policy'>): Date {
  const times = attemptsInDoubt(firing).map(({ sentAt, settledAt = sentAt }) => settledAt);
  const last = times.toSorted().at(-1) ?? new Date(0).toISOString();
  return addMinutes(new Date(last), firing.policy.unknownGraceMinutes);
}

/** The first attempt in doubt whose execution this could be. */
export function attemptOf(firing: Firing, execution: ListedExecution): Attempt | undefined {
  return attemptsInDoubt(firing).find((attempt) => couldBeOf(attempt, execution));
}

/** How well an execution could be this firing's; undefined when it is none of its attempts'. */
export function fitFor(
  firing: Firing,
  execution: ListedExecution,
  scenarios: readonly Scenario[] | undefined,
): Fit | undefined {
  if (!attemptOf(firing, execution)) return undefined;
  const fit = fitOf(firing.selection ?? firing.execute, execution, scenarios);
  return fit === 'yes' && !execution.startedAt ? 'unknown' : fit;
}

/** Whether an execution is older than any that an attempt in doubt could have started. */
export function isBeforeDoubt(firing: Firing, { id, startedAt }: ListedExecution): boolean {
  return attemptsInDoubt(firing).every(
    (attempt) =>
      attempt.knownExecutions?.includes(id) ||
      (startedAt !== undefined && startedAt < windowOf(attempt).from),
  );
}

function undecided(reason: string, candidates: readonly Candidate[]): Attribution {
  const ids = candidates.map(({ execution }) => execution.id).join(', ');
  return { kind: 'undecided', reason: `${reason}: ${ids}` };
}
