import * as z from 'zod/mini';
import type { Call } from '../api/calls.ts';
import type { Expectation } from '../firing/policy.ts';
import { hasPassed } from './expected.ts';
import type { Finished } from './finished.ts';

/** Each score with the number of calls that got it; pass is 100 and fail is 0. */
const measuredSchema = z.object({
  name: z.string(),
  scores: z.array(z.tuple([z.number(), z.number()])),
});
const evaluations = z.array(measuredSchema);

const runScenarioSchema = z.object({
  id: z.string(),
  name: z.string(),
  completed: z.number(),
  of: z.number(),
  /** Calls that completed without failing an evaluation that is expected. */
  passed: z.number(),
  evaluations,
});

/** What a finished execution showed, in counts, to compare later ones with. */
export const runSchema = z.object({
  firing: z.string(),
  finishedAt: z.string(),
  verdict: z.enum(['passed', 'failed', 'inconclusive']),
  /** It was seen to be worse than the runs before it, so that others are not compared with it. */
  isWorse: z.optional(z.literal(true)),
  completed: z.number(),
  of: z.number(),
  evaluations,
  /** Present where every call was read. */
  scenarios: z.optional(z.array(runScenarioSchema)),
});

/** As the reference of a selection keeps it. */
export type Run = z.infer<typeof runSchema>;
/** Scores from 0 to 100, each with how many calls have it. */
export type Measured = z.infer<typeof measuredSchema>;

/** The counts of a run; undefined where the server does not tell how many calls completed. */
export type Counts = Pick<Run, 'completed' | 'of' | 'evaluations' | 'scenarios'>;

/** What the calls of a finished execution showed; undefined where it does not tell how many completed. */
export function countsOf(finished: Finished, expect: Expectation): Counts | undefined {
  const { totalCalls: of, completedCalls: completed, calls } = finished;
  if (!of || completed === undefined || finished.senseless) return undefined;
  const told = finished.evaluations ?? [];
  if (!calls?.isAll || calls.calls.length === 0) {
    return { completed, of, evaluations: told.flatMap(fromSummary) };
  }
  const byScenario = Map.groupBy(calls.calls, ({ scenarioId }) => scenarioId);
  const scenarios = [...byScenario].map(([id, own]) => ({
    id,
    name: own[0]?.scenario ?? id,
    completed: own.filter(({ isCompleted }) => isCompleted).length,
    of: own.length,
    passed: own.filter((call) => hasPassed(call, expect)).length,
    evaluations: measured(own),
  }));
  return { completed, of, evaluations: measured(calls.calls), scenarios };
}

/** Only an evaluation with pass and fail tells its calls apart in the summary. */
function fromSummary({ name, passed, scored }: NonNullable<Finished['evaluations']>[number]) {
  if (passed === undefined || !scored) return [];
  const scores: Measured['scores'] = [
    [100, passed],
    [0, scored - passed],
  ];
  return [{ name, scores: scores.filter(([, times]) => times > 0) }];
}

/** As the server's own summary, without the calls that did not complete. */
function measured(calls: readonly Call[]): Measured[] {
  const completed = calls.filter(({ isCompleted }) => isCompleted);
  const once = (score: number): [number, number] => [score, 1];
  return summed(
    completed.map((call) =>
      call.evaluations.map(({ name, score }) => ({ name, scores: [once(score)] })),
    ),
  );
}

/** By name; equal scores are counted together. Pure. */
export function summed(all: readonly (readonly Measured[])[]): Measured[] {
  return [...Map.groupBy(all.flat(), ({ name }) => name)].map(([name, own]) => {
    const scores = Map.groupBy(
      own.flatMap((one) => one.scores),
      ([score]) => score,
    );
    return {
      name,
      scores: [...scores].map(([score, same]): [number, number] => [
        score,
        same.reduce((sum, [, times]) => sum + times, 0),
      ]),
    };
  });
}
