import * as z from 'zod';
import { at } from './leaf.ts';

const points = z.number().min(0).max(100);

/** What a finished execution must show to pass; `expect` of a trigger. */
export const expectSchema = z
  .strictObject({
    minSuccessRate: points
      .exactOptional()
      .describe('Lowest share of calls that must complete, in percent.'),
    maxFailedCalls: z.int().min(0).exactOptional().describe('How many calls may fail.'),
    minEvaluation: z
      .record(z.string(), points)
      .exactOptional()
      .describe('Lowest score of an evaluation, 0 to 100, by its name: { "Tone check": 80 }.'),
    noWorseThan: z
      .literal('previous')
      .exactOptional()
      .describe(
        'previous: success rate and evaluations must not fall below those of the last firing of the same selection that passed.',
      ),
    tolerance: points.default(0).describe('How many points worse than noWorseThan still pass.'),
  })
  .refine(
    ({ tolerance, noWorseThan }) => tolerance === 0 || noWorseThan !== undefined,
    at(
      ['tolerance', 'noWorseThan'],
      'has no effect without noWorseThan: previous; add that or remove this',
    ),
  )
  .describe(
    'What a finished execution must show to pass. Absent: that it completed with at least one call.',
  );
