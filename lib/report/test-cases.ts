import type { Firing, Result } from '../../lambda/firing/firing.ts';
import type { Expectation } from '../../lambda/firing/policy.ts';
import { isFinal, STATES, type State } from '../../lambda/firing/states.ts';
import type { Finished } from '../../lambda/follow/finished.ts';
import { judge } from '../../lambda/follow/judge.ts';

/** One thing that a run was to show, as a CI shows a test. */
export interface TestCase {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped';
  readonly message?: string;
  readonly seconds?: number;
}

/**
 * A case for the verdict, which fails for every reason, and one for each expectation and each evaluation. A result that
 * tells nothing of the agent is an error: not started, in doubt, inconclusive, or not over. Pure.
 * @param firing absent where it cannot be seen, for the reason `fault`.
 */
export function testCasesOf(firing: Firing | undefined, fault: string | undefined): TestCase[] {
  if (!firing) return [{ name: VERDICT, outcome: 'error', message: fault ?? 'It cannot be seen.' }];
  const { state, reason, result, policy } = firing;
  const seconds = result?.durationSeconds;
  const verdict = verdictCase({ state, reason, isOver: isFinal(firing), result, seconds });
  if (!result) return [verdict];
  return [
    verdict,
    ...callCases(result, policy.expect ?? {}),
    ...evaluationCases(result, policy.expect ?? {}),
  ];
}

/** A firing, or what an answer tells of one. */
interface Told {
  readonly state: State;
  readonly reason?: string | undefined;
  readonly isOver: boolean;
  /** How long it ran. */
  readonly seconds?: number | undefined;
  readonly result?:
    | { readonly verdict: Result['verdict']; readonly reasons: readonly string[] }
    | undefined;
}

/** The case for the verdict. Pure. */
export function verdictCase({ state, reason = '', isOver, seconds, result }: Told): TestCase {
  if (result) {
    return {
      name: VERDICT,
      outcome: OUTCOMES[result.verdict],
      ...(result.reasons.length > 0 && { message: result.reasons.join('\n') }),
      ...(seconds !== undefined && { seconds }),
    };
  }
  const outcome = state === 'skipped' ? 'skipped' : 'error';
  const open = isOver ? [] : ['Not over yet; what has started goes on.'];
  const message = [STATES[state].headline, reason, ...open].filter((each) => each !== '');
  return { name: VERDICT, outcome, message: message.join(': ') };
}

const VERDICT = 'verdict';
const OUTCOMES = { passed: 'passed', failed: 'failed', inconclusive: 'error' } as const;

function callCases(result: Result, { minSuccessRate, maxFailedCalls }: Expectation): TestCase[] {
  return [
    ...(minSuccessRate === undefined
      ? []
      : [judged(`at least ${minSuccessRate} % of the calls complete`, result, { minSuccessRate })]),
    ...(maxFailedCalls === undefined
      ? []
      : [judged(`at most ${maxFailedCalls} calls fail`, result, { maxFailedCalls })]),
  ];
}

function evaluationCases(result: Result, expect: Expectation): TestCase[] {
  const { minEvaluation = {}, maxEvaluation = {} } = expect;
  const told = result.evaluations?.map(({ name }) => name) ?? [];
  const names = new Set([...told, ...Object.keys(minEvaluation), ...Object.keys(maxEvaluation)]);
  return [...names].map((name) => {
    const least = pick(minEvaluation, name);
    const most = pick(maxEvaluation, name);
    const wanted = [
      ...Object.values(least).map((score) => ` at least ${score}`),
      ...Object.values(most).map((score) => ` at most ${score}`),
    ].join(',');
    if (wanted === '') return { name: `evaluation ${name}`, outcome: 'passed' };
    const only = { minEvaluation: least, maxEvaluation: most, minSuccessRate: 0 };
    return judged(`evaluation ${name}:${wanted}`, result, only);
  });
}

function pick(limits: Readonly<Record<string, number>>, name: string): Record<string, number> {
  const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
  return limit === undefined ? {} : { [name]: limit };
}

/** This expectation alone, judged as the service judges all of them. */
function judged(name: string, result: Result, expect: Expectation): TestCase {
  const { verdict, reasons } = judge(finishedOf(result), expect);
  return {
    name,
    outcome: OUTCOMES[verdict],
    ...(reasons.length > 0 && { message: reasons.join('\n') }),
  };
}

function finishedOf(result: Result): Finished {
  const { totalCalls, completedCalls, failedCalls, successRate, evaluations } = result;
  return {
    status: 'completed',
    ...(totalCalls !== undefined && { totalCalls }),
    ...(completedCalls !== undefined && { completedCalls }),
    ...(failedCalls !== undefined && { failedCalls }),
    ...(successRate !== undefined && { successRate }),
    ...(evaluations && { evaluations }),
  };
}
