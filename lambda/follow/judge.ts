import { hundredths, percentageOf } from '../api/told-number.ts';
import type { Result } from '../firing/firing.ts';
import type { Expectation } from '../firing/policy.ts';
import { type Comparison, compare } from './compare.ts';
import { isOutOfCredits, limitOf } from './expected.ts';
import { type Fault, type Finished, failed, inCalls, unclear } from './finished.ts';
import { type Counts, countsOf, type Run } from './run.ts';
import { scenarioReasons } from './scenarios.ts';

/** The reasons are for people: whole sentences with the numbers in them. */
export interface Judgement extends Pick<Result, 'verdict' | 'reasons'> {
  readonly notes: readonly string[];
  readonly isWorse: boolean;
  /** What later runs may be compared with; absent where the calls do not show how good the agent is. */
  readonly counts?: Counts;
}

/**
 * Judges a finished execution by what its trigger expects. Pure. It passes only when everything that is expected
 * is seen to be so; without a call, nothing was tested and nothing passes.
 * @param earlier the runs to compare with, oldest first.
 */
export function judge(
  finished: Finished,
  expect: Expectation = {},
  earlier: readonly Run[] = [],
): Judgement {
  const isMeasured = finished.status === 'completed' && unpaidCalls(finished) === undefined;
  const counts = isMeasured ? countsOf(finished, expect) : undefined;
  const { faults: falls, notes } = counts
    ? comparison(counts, earlier, finished, expect)
    : NOT_COMPARED;
  const faults = [
    ...endFaults(finished),
    ...creditFaults(finished),
    ...callFaults(finished, expect),
    ...evaluationFaults(finished, expect),
    ...falls,
  ];
  const verdict = faults.some(({ kind }) => kind === 'failed')
    ? 'failed'
    : faults.length > 0
      ? 'inconclusive'
      : 'passed';
  const scenarios = verdict === 'passed' ? [] : scenarioReasons(finished, expect, earlier.at(-1));
  const reasons = [...faults.map(({ reason }) => reason), ...scenarios];
  const isWorse = falls.some(({ kind }) => kind === 'failed');
  return { verdict, reasons, notes, isWorse, ...(counts && { counts }) };
}

const NOT_COMPARED: Comparison = { faults: [], notes: [] };

function comparison(
  counts: Counts,
  earlier: readonly Run[],
  { evaluations = [] }: Finished,
  expect: Expectation,
): Comparison {
  if (!expect.noWorseThan) return NOT_COMPARED;
  const silent = evaluations.filter(({ score }) => score === undefined).map(({ name }) => name);
  return compare({ ...counts, silent }, earlier, expect);
}

function endFaults(finished: Finished): Fault[] {
  const { status, errorReason, senseless = [] } = finished;
  const numbers = senseless.map((what) => unclear(`The server's numbers make no sense: ${what}.`));
  if (status === 'completed') return numbers;
  if (status === 'cancelled') return [unclear('The execution was cancelled.'), ...numbers];
  if (isOutOfCredits(errorReason)) return numbers;
  return [failed(`The execution ${status}${errorReason ? `: ${errorReason}` : '.'}`), ...numbers];
}

function creditFaults(finished: Finished): Fault[] {
  const unpaid = unpaidCalls(finished);
  if (unpaid === undefined) return [];
  const calls = unpaid === 0 ? '' : ` for ${unpaid} of ${finished.totalCalls ?? 'its'} calls`;
  return [
    unclear(
      `The Future AGI account had no credits left${calls}, which says nothing about the agent. Add credits, then start the trigger again.`,
    ),
  ];
}

/** How many calls want of credits has ended, 0 where that is not known; undefined where there were credits. */
function unpaidCalls(finished: Finished): number | undefined {
  const { totalCalls, completedCalls, errorReason, calls } = finished;
  const ended = (calls?.calls ?? []).filter(
    ({ isCompleted, endedReason }) => !isCompleted && isOutOfCredits(endedReason),
  ).length;
  if (!isOutOfCredits(errorReason)) return ended === 0 ? undefined : ended;
  // Said of the whole execution, it may be so of every call that did not complete.
  return totalCalls !== undefined && completedCalls !== undefined ? totalCalls - completedCalls : 0;
}

function callFaults(finished: Finished, expect: Expectation): Fault[] {
  const { status, totalCalls: total, completedCalls, senseless } = finished;
  if (senseless) return [];
  if (status === 'cancelled') return cancelledFaults(finished, expect);
  if (total === 0) {
    return status === 'completed' ? [unclear('No call was made, so nothing was tested.')] : [];
  }
  if (total === undefined || completedCalls === undefined) return uncountedFaults(finished, expect);
  // At best, the calls that were not paid for would have completed.
  const completed = completedCalls + (unpaidCalls(finished) ?? 0);
  const faults = [
    ...rateFaults({ completed, total }, expect),
    ...failedCallsFaults({ completed, total, failedCalls: finished.failedCalls }, expect),
  ];
  return faults.length === 0 && completed === 0
    ? [failed(`0 of ${inCalls(total)} completed.`)]
    : faults;
}

interface CallCounts {
  readonly completed: number;
  readonly total: number;
  readonly failedCalls?: number | undefined;
}

function rateFaults({ completed, total }: CallCounts, { minSuccessRate }: Expectation): Fault[] {
  if (minSuccessRate === undefined) return [];
  const rate = percentageOf(completed, total);
  if (hundredths(rate) >= hundredths(minSuccessRate)) return [];
  const wanted = `at least ${minSuccessRate} % wanted`;
  return [failed(`${completed} of ${inCalls(total)} completed (${rate} %), ${wanted}.`)];
}

/** A call that was never made has tested as little as one that failed. */
function failedCallsFaults({ completed, total, failedCalls }: CallCounts, expect: Expectation) {
  const most = mostFailedCalls(expect);
  const lacking = total - completed;
  if (most === undefined || lacking <= most) return [];
  const unmade = failedCalls === undefined ? 0 : Math.max(0, lacking - failedCalls);
  const never = unmade > 0 ? ` (${unmade} never ended)` : '';
  return [
    failed(`${lacking} of ${inCalls(total)} did not complete${never}, ${wantedOf(most, expect)}.`),
  ];
}

/** Where nothing is said of the calls, every one must complete. */
function mostFailedCalls(expect: Expectation): number | undefined {
  const { minSuccessRate, maxFailedCalls, noWorseThan } = expect;
  return maxFailedCalls ?? (minSuccessRate === undefined && !noWorseThan ? 0 : undefined);
}

function wantedOf(most: number, { maxFailedCalls }: Expectation): string {
  return maxFailedCalls === undefined
    ? 'none may fail unless expect says so'
    : `at most ${most} may fail`;
}

/** The cancellation ended the other calls, so only those count that failed before it. */
function cancelledFaults({ failedCalls = 0 }: Finished, { maxFailedCalls }: Expectation): Fault[] {
  if (maxFailedCalls === undefined || failedCalls <= maxFailedCalls) return [];
  return [failed(`${inCalls(failedCalls)} failed, at most ${maxFailedCalls} may fail.`)];
}

function uncountedFaults(finished: Finished, expect: Expectation): Fault[] {
  const { status, successRate, failedCalls } = finished;
  const { minSuccessRate } = expect;
  const most = mostFailedCalls(expect);
  const isBelow =
    minSuccessRate !== undefined &&
    successRate !== undefined &&
    hundredths(successRate) < hundredths(minSuccessRate);
  const faults = [
    ...(isBelow
      ? [failed(`${successRate} % of the calls completed, at least ${minSuccessRate} % wanted.`)]
      : []),
    ...(most !== undefined && failedCalls !== undefined && failedCalls > most
      ? [failed(`${inCalls(failedCalls)} failed, ${wantedOf(most, expect)}.`)]
      : []),
  ];
  // A rate above 0 shows that there were calls, and that alone may be all that is wanted.
  const isRateEnough = most === undefined && !expect.noWorseThan && Boolean(successRate);
  if (faults.length > 0 || isRateEnough || status !== 'completed') return faults;
  return [unclear('The server does not tell how many calls completed.')];
}

function evaluationFaults(finished: Finished, expect: Expectation): Fault[] {
  const least = Object.keys(expect.minEvaluation ?? {});
  const most = Object.keys(expect.maxEvaluation ?? {});
  return [...new Set([...least, ...most])].flatMap((name) =>
    evaluationFault(name, finished, expect),
  );
}

function evaluationFault(name: string, finished: Finished, expect: Expectation): Fault[] {
  const { evaluations } = finished;
  if (!evaluations) return [unclear(`The evaluations cannot be read, and "${name}" is expected.`)];
  const evaluation = evaluations.find((one) => one.name === name);
  if (!evaluation) return [unclear(`No evaluation is called "${name}"${othersIn(evaluations)}.`)];
  const { score, scored, problem } = evaluation;
  if (problem !== undefined) return [unclear(`"${name}" cannot be judged: ${problem}.`)];
  if (score === undefined) return [unclear(`"${name}" scored no call, so it tells nothing.`)];

  const coverage = coverageOf(scored, finished);
  const least = limitOf(expect.minEvaluation, name);
  const most = limitOf(expect.maxEvaluation, name);
  const told = `"${name}" scored ${score}${coverage ? ` (${coverage})` : ''}`;
  if (least !== undefined && hundredths(score) < hundredths(least)) {
    return [failed(`${told}, at least ${least} wanted.`)];
  }
  if (most !== undefined && hundredths(score) > hundredths(most)) {
    return [failed(`${told}, at most ${most} wanted.`)];
  }
  return coverage === undefined ? [] : [unclear(`"${name}": only ${coverage}.`)];
}

/** `1 of 4 calls scored`; undefined where all were. A call that did not complete is scored by nobody. */
function coverageOf(scored: number | undefined, { completedCalls, totalCalls }: Finished) {
  const of = completedCalls ?? totalCalls;
  if (scored === undefined || of === undefined || scored >= of) return undefined;
  return `${scored} of ${inCalls(of)} scored`;
}

const MOST_NAMES = 5;

function othersIn(evaluations: NonNullable<Finished['evaluations']>): string {
  const names = evaluations.slice(0, MOST_NAMES).map(({ name }) => `"${name}"`);
  return names.length === 0 ? ', and the execution has none' : `; there is ${names.join(', ')}`;
}
