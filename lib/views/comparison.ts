import { percentageOf } from '../../lambda/api/told-number.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import type { Expectation } from '../../lambda/firing/policy.ts';
import { limitOf } from '../../lambda/follow/expected.ts';
import { type Run, summed } from '../../lambda/follow/run.ts';
import { meanOf } from '../../lambda/follow/statistics.ts';

/** One thing that a run showed, beside what was expected of it and what the runs before showed. */
interface Compared {
  readonly what: string;
  readonly shown: string;
  /** Undefined: nothing is expected of it. */
  readonly expected: string | undefined;
  /** Undefined: no earlier run tells it. */
  readonly before: string | undefined;
}

/** For people: numbers are texts already. */
export interface Comparison {
  readonly rows: readonly Compared[];
  /** The runs before it, newest first: those it was compared with or, where nothing is compared, the last one. */
  readonly runs: readonly Pick<Run, 'firing' | 'finishedAt' | 'verdict'>[];
}

/**
 * What a judged run showed against what its trigger expects and against the runs before it; undefined without a result. Pure.
 * @param reference the runs of its selection, oldest first, without this one.
 */
export function comparisonOf(
  { result, policy: { expect = {} } }: Firing,
  reference: readonly Run[],
): Comparison | undefined {
  if (!result) return undefined;
  const earlier = reference.filter(
    ({ isWorse, finishedAt }) => !isWorse && finishedAt < result.finishedAt,
  );
  const runs = earlier.slice(-(expect.noWorseThan?.runs ?? 1));
  const before = summed(runs.map((run) => run.evaluations));
  const evaluations = (result.evaluations ?? []).map(({ name, score }) => {
    const scores = before.find((one) => one.name === name)?.scores;
    return {
      what: name,
      shown: score === undefined ? 'no score' : String(score),
      expected: expectedOf(name, expect),
      before: scores && String(Math.round(10 * meanOf(scores)) / 10),
    };
  });
  return {
    rows: [
      {
        what: 'calls completed',
        shown: shareText(result.completedCalls, result.totalCalls) ?? 'not told',
        expected: expectedOfCalls(expect),
        before: shareText(sum(runs, 'completed'), sum(runs, 'of')),
      },
      ...evaluations,
    ],
    runs: runs
      .toReversed()
      .map(({ firing, finishedAt, verdict }) => ({ firing, finishedAt, verdict })),
  };
}

function sum(runs: readonly Run[], key: 'completed' | 'of'): number {
  return runs.reduce((total, run) => total + run[key], 0);
}

/** `9 of 10 (90 %)`. */
function shareText(part: number | undefined, of: number | undefined): string | undefined {
  if (part === undefined || !of) return undefined;
  return `${part} of ${of} (${percentageOf(part, of)} %)`;
}

function expectedOfCalls({ minSuccessRate, maxFailedCalls, noWorseThan }: Expectation): string {
  const limits = [
    minSuccessRate !== undefined && `at least ${minSuccessRate} %`,
    maxFailedCalls !== undefined && `at most ${maxFailedCalls} not completed`,
    noWorseThan && noWorse(noWorseThan),
  ];
  return limits.filter(Boolean).join(', ') || 'all of them';
}

function expectedOf(name: string, expect: Expectation): string | undefined {
  const [least, most] = [limitOf(expect.minEvaluation, name), limitOf(expect.maxEvaluation, name)];
  const isCompared = expect.noWorseThan && !expect.ignoreEvaluations?.includes(name);
  const limits = [
    least !== undefined && `at least ${least}`,
    most !== undefined && `at most ${most}`,
    expect.noWorseThan && isCompared && noWorse(expect.noWorseThan),
  ];
  return limits.filter(Boolean).join(', ') || undefined;
}

function noWorse({ tolerance }: NonNullable<Expectation['noWorseThan']>): string {
  return tolerance === 0 ? 'no worse than before' : `worse by ${tolerance} points at most`;
}
