import * as z from 'zod';
import { MOST_COMPARED_RUNS } from '../../lambda/firing/policy.ts';
import { at, int, listOf, optional } from './leaf.ts';

const points = z.number().min(0).max(100);
const evaluationName = z.string().min(1).max(255);
const scores = z.record(evaluationName, points).exactOptional();

function onlyCompared(key: string) {
  return at([key, 'noWorseThan'], 'has no effect without noWorseThan; add that or remove this');
}

/** What a finished execution must show to pass; `expect` of a trigger. */
export const expectSchema = z
  .strictObject({
    minSuccessRate: optional(points, 'Lowest share of calls that must complete, in percent.'),
    maxFailedCalls: optional(
      z.int().min(0),
      'How many calls may fail or never be made. Without minSuccessRate, maxFailedCalls and noWorseThan: none.',
    ),
    minEvaluation: scores.describe(
      'Lowest score of an evaluation, 0 to 100, by its name in the dashboard: { "Tone check": 80 }.',
    ),
    maxEvaluation: scores.describe(
      'Highest score of an evaluation of which less is better: { "Made-up facts": 5 }.',
    ),
    lowerIsBetter: optional(
      listOf(evaluationName),
      'Further evaluations of which less is better, for noWorseThan.',
    ),
    ignoreEvaluations: optional(listOf(evaluationName), 'Evaluations that noWorseThan leaves out.'),
    noWorseThan: optional(
      z.strictObject({
        runs: int(1, MOST_COMPARED_RUNS)
          .default(10)
          .describe('How many of the last finished runs of the same selection are compared with.'),
        tolerance: points
          .default(0)
          .describe('A fall of so many points passes, even if chance does not explain it.'),
      }),
      'Calls and evaluations must not be worse than in earlier runs, by more than chance explains (5 %). {}: with the defaults.',
    ),
  })
  .refine(
    ({ noWorseThan, lowerIsBetter }) => noWorseThan || !lowerIsBetter,
    onlyCompared('lowerIsBetter'),
  )
  .refine(
    ({ noWorseThan, ignoreEvaluations }) => noWorseThan || !ignoreEvaluations,
    onlyCompared('ignoreEvaluations'),
  )
  .refine(
    ({ minEvaluation = {}, lowerIsBetter = [] }) =>
      !lowerIsBetter.some((name) => Object.hasOwn(minEvaluation, name)),
    at(
      ['lowerIsBetter', 'minEvaluation'],
      'names an evaluation that minEvaluation wants to be high; write it in one of the two',
    ),
  )
  .describe(
    'What a finished execution must show to pass. Absent: that it completed, with at least one call, and no call failed.',
  );
