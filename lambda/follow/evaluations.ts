import * as z from 'zod/mini';
import { rounded } from '../api/execution-progress.ts';
import { type ApiAccess, read, type Unreadable } from '../api/future-agi.ts';

/** An evaluation's score over all calls of an execution, 0 to 100. */
export interface Evaluation {
  readonly name: string;
  readonly score: number;
}

const number = z.catch(z.optional(z.number()), undefined);
const summarySchema = z.object({
  /** As documented. */
  evaluations: z.catch(
    z.optional(
      z.array(
        z.object({ name: z.string(), average_score: number, total_runs: number, passed: number }),
      ),
    ),
    undefined,
  ),
  /** As the public server answers. */
  result: z.catch(
    z.optional(
      z.array(
        z.object({
          name: z.string(),
          total_pass_rate: number,
          total_avg: number,
          total_choices_avg: number,
        }),
      ),
    ),
    undefined,
  ),
});

/** The agent's scores in one execution; those that are no number are left out. Never rejects. */
export async function readEvaluations(
  runTestId: string,
  executionId: string,
  access: ApiAccess,
): Promise<Evaluation[] | Unreadable> {
  const path = `/simulate/run-tests/${encodeURIComponent(runTestId)}/eval-summary/?execution_id=${encodeURIComponent(executionId)}`;
  const answer = await read(path, access);
  if (answer.kind === 'unreadable') return answer;
  const { data } = summarySchema.safeParse(answer.body);
  const documented = data?.evaluations?.map((each) => named(each.name, documentedScore(each)));
  const current = data?.result?.map((each) =>
    named(each.name, each.total_pass_rate ?? each.total_avg ?? each.total_choices_avg),
  );
  return (documented ?? current ?? []).flat();
}

/** The share of runs that passed: the scale of `average_score` is documented nowhere. */
function documentedScore(evaluation: {
  average_score?: number | undefined;
  total_runs?: number | undefined;
  passed?: number | undefined;
}): number | undefined {
  const { average_score, total_runs, passed } = evaluation;
  return passed !== undefined && total_runs ? (100 * passed) / total_runs : average_score;
}

/** The longest name that triggers.yaml could mean. */
const NAME_LENGTH = 255;

function named(name: string, score: number | undefined): Evaluation[] {
  return score === undefined ? [] : [{ name: name.slice(0, NAME_LENGTH), score: rounded(score) }];
}
