import type { ExecutionProgress } from '../api/execution-progress.ts';
import type { Result } from '../firing/firing.ts';
import type { Expectation } from '../firing/policy.ts';
import type { Evaluation } from './evaluations.ts';

/** What the last passed firing of the same selection showed. */
export interface Reference {
  readonly firing: string;
  readonly successRate?: number | undefined;
  readonly evaluations?: readonly Evaluation[] | undefined;
}

/** A finished execution, as far as its server tells. */
export interface Finished extends ExecutionProgress {
  /** Absent: they cannot be read. */
  readonly evaluations?: readonly Evaluation[];
}

/** `failed`: seen to be worse than expected. `unclear`: not seen to be good. */
interface Fault {
  readonly kind: 'failed' | 'unclear';
  readonly reason: string;
}

/**
 * Judges a finished execution by what its trigger expects. Pure. It passes only when everything that is expected
 * is seen to be so; without a call, nothing was tested and nothing passes.
 */
export function judge(
  finished: Finished,
  expect: Expectation | undefined,
  reference: Reference | undefined,
): Pick<Result, 'verdict' | 'reasons'> {
  const faults = [
    ...endFaults(finished),
    ...callFaults(finished),
    ...(expect
      ? [
          ...successRateFaults(finished, expect),
          ...failedCallsFaults(finished, expect),
          ...evaluationFaults(finished, expect),
          ...(expect.noWorseThan && reference ? regressions(finished, expect, reference) : []),
        ]
      : []),
  ];
  const verdict = faults.some(({ kind }) => kind === 'failed')
    ? 'failed'
    : faults.length > 0
      ? 'inconclusive'
      : 'passed';
  return { verdict, reasons: faults.map(({ reason }) => reason) };
}

function endFaults({ status, errorReason }: Finished): Fault[] {
  if (status === 'completed') return [];
  if (status === 'cancelled') return [unclear('The execution was cancelled.')];
  return [failed(`The execution ${status}${errorReason ? `: ${errorReason}` : '.'}`)];
}

function callFaults(finished: Finished): Fault[] {
  if (finished.status !== 'completed') return [];
  const calls = callsOf(finished);
  if (calls === 0) return [unclear('No call was made, so nothing was tested.')];
  if (calls === undefined) return [unclear('The server does not tell whether a call was made.')];
  if (finished.completedCalls === 0 && !finished.successRate) {
    return [failed(`None of ${calls} ${inCalls(calls)} ran to its end.`)];
  }
  return [];
}

/** A success rate above 0 proves that there was a call. */
function callsOf({ totalCalls, completedCalls, failedCalls, successRate }: Finished) {
  return (
    totalCalls ||
    (completedCalls ?? 0) + (failedCalls ?? 0) ||
    (successRate ? 1 : (totalCalls ?? completedCalls))
  );
}

function successRateFaults(finished: Finished, { minSuccessRate }: Expectation): Fault[] {
  if (minSuccessRate === undefined) return [];
  const { successRate } = finished;
  if (successRate === undefined) return [unclear('The server does not tell the success rate.')];
  if (successRate >= minSuccessRate) return [];
  return [failed(`Success rate ${successRate} %, expected at least ${minSuccessRate} %.`)];
}

function failedCallsFaults(finished: Finished, { maxFailedCalls }: Expectation): Fault[] {
  if (maxFailedCalls === undefined) return [];
  const count = failedCallsOf(finished);
  if (count === undefined) return [unclear('The server does not tell how many calls failed.')];
  if (count <= maxFailedCalls) return [];
  return [failed(`${count} failed ${inCalls(count)}, expected at most ${maxFailedCalls}.`)];
}

function failedCallsOf({ failedCalls, totalCalls, completedCalls }: Finished) {
  if (failedCalls !== undefined) return failedCalls;
  return totalCalls !== undefined && completedCalls !== undefined
    ? totalCalls - completedCalls
    : undefined;
}

function evaluationFaults({ evaluations }: Finished, { minEvaluation = {} }: Expectation): Fault[] {
  return Object.entries(minEvaluation).flatMap(([name, least]) => {
    const score = evaluations?.find((one) => one.name === name)?.score;
    if (score === undefined) return [unclear(`The evaluation "${name}" has no score.`)];
    return score >= least ? [] : [failed(`"${name}" scored ${score}, expected at least ${least}.`)];
  });
}

/** What the reference has and this execution does not tell is unclear; what only this one has is new. */
function regressions(
  finished: Finished,
  { tolerance }: Expectation,
  reference: Reference,
): Fault[] {
  const compared = [
    ['Success rate', reference.successRate, finished.successRate] as const,
    ...(reference.evaluations ?? []).map(({ name, score }) => {
      const now = finished.evaluations?.find((one) => one.name === name)?.score;
      return [`"${name}"`, score, now] as const;
    }),
  ];
  return compared.flatMap(([name, before, now]) => {
    if (before === undefined) return [];
    if (now === undefined) return [unclear(`${name} cannot be compared: it has no score.`)];
    if (now >= before - tolerance) return [];
    const margin = tolerance > 0 ? ` (tolerance ${tolerance})` : '';
    return [
      failed(`${name} fell from ${before} to ${now}${margin}; reference ${reference.firing}.`),
    ];
  });
}

function failed(reason: string): Fault {
  return { kind: 'failed', reason };
}

function unclear(reason: string): Fault {
  return { kind: 'unclear', reason };
}

function inCalls(count: number): string {
  return count === 1 ? 'call' : 'calls';
}
