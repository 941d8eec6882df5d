import type { Call, CallEvaluation } from '../api/calls.ts';
import type { Expectation } from '../firing/policy.ts';

type Limits = Readonly<Record<string, number>> | undefined;

/** The limit of this evaluation; a name comes from the server and may be that of an object's own function. */
export function limitOf(limits: Limits, name: string): number | undefined {
  return limits && Object.hasOwn(limits, name) ? limits[name] : undefined;
}

/** An evaluation that has an upper limit counts as such, too. */
export function isLessBetter(name: string, expect: Expectation): boolean {
  return (
    expect.lowerIsBetter?.includes(name) === true ||
    limitOf(expect.maxEvaluation, name) !== undefined
  );
}

/** Whether a call fails an evaluation that is expected: by a limit, or because it is compared. */
export function failsExpected(
  { name, score, isPassFail }: CallEvaluation,
  expect: Expectation,
): boolean {
  const [least, most] = [expect.minEvaluation, expect.maxEvaluation].map((limits) =>
    limitOf(limits, name),
  );
  if (least !== undefined && score < least) return true;
  if (most !== undefined && score > most) return true;
  if (least !== undefined || most !== undefined) return false;
  const isCompared = expect.noWorseThan && !expect.ignoreEvaluations?.includes(name);
  return isCompared === true && isPassFail && score === (isLessBetter(name, expect) ? 100 : 0);
}

/** Whether a call completed without failing an evaluation that is expected. */
export function hasPassed(call: Call, expect: Expectation): boolean {
  return call.isCompleted && !call.evaluations.some((each) => failsExpected(each, expect));
}

const OUT_OF_CREDITS = /\b(out of|insufficient|not enough|no more)[ _-]+credits?\b/i;

/** Whether these words of the server say that the account is empty. That is not the agent's fault. */
export function isOutOfCredits(words: string | undefined): boolean {
  return words !== undefined && OUT_OF_CREDITS.test(words);
}
