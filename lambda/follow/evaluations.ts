import * as z from 'zod/mini';
import { type ApiAccess, read, type Unreadable } from '../api/future-agi.ts';
import { isCount, isPercentage, percentageOf, toldNumber } from '../api/told-number.ts';
import type { evaluationSchema } from '../firing/firing.ts';
import { boundedText } from '../runtime/bounded-text.ts';

/** Over all calls of one execution. */
export interface Evaluation extends z.infer<typeof evaluationSchema> {
  /** Why there is no score, where the reason is not that there are no outputs. */
  readonly problem?: string;
}

/** The longest name that triggers.yaml could mean. */
const NAME_LENGTH = 255;

const list = z.catch(z.optional(z.array(z.unknown())), undefined);
const summarySchema = z.object({
  /** As documented. */
  evaluations: list,
  /** As the public server answers: by template, each with the evaluations made from it. */
  result: list,
});

/** The agent's scores in one execution, each name once. Never rejects. */
export async function readEvaluations(
  runTestId: string,
  executionId: string,
  access: ApiAccess,
): Promise<Evaluation[] | Unreadable> {
  const path = `/simulate/run-tests/${encodeURIComponent(runTestId)}/eval-summary/?execution_id=${encodeURIComponent(executionId)}`;
  const answer = await read(path, access);
  return answer.kind === 'unreadable' ? answer : evaluationsIn(answer.body);
}

/** The evaluations in an answer, keys in snake_case. An item that cannot be read spoils no other. Pure. */
function evaluationsIn(body: unknown): Evaluation[] {
  const { evaluations, result = [] } = summarySchema.safeParse(body).data ?? {};
  const found = evaluations
    ? evaluations.flatMap((item) => documentedEvaluation(item))
    : result.flatMap((item) => evaluationsOfTemplate(item));
  return [...Map.groupBy(found, ({ name }) => name)].flatMap(([name, [first, ...others]]) => {
    if (!first) return [];
    return others.length === 0
      ? [first]
      : [{ name, problem: 'several evaluations have this name' }];
  });
}

const named = { name: z.string().check(z.minLength(1)) };
const documentedSchema = z.object({
  ...named,
  average_score: toldNumber,
  total_runs: toldNumber,
  passed: toldNumber,
});

function documentedEvaluation(item: unknown): Evaluation[] {
  const { data } = documentedSchema.safeParse(item);
  if (!data) return [];
  const { average_score: average, total_runs: runs, passed } = data;
  const name = boundedText(data.name, NAME_LENGTH);
  if (passed !== undefined && runs !== undefined) return [{ name, ...passing(passed, runs) }];
  // The scale of the average is documented nowhere: 0.9 may be 90 or 0.9.
  const isOnScale = average !== undefined && (average === 0 || average > 1);
  return [
    {
      name,
      ...(isOnScale ? scoring(average, runs) : { problem: 'it tells no number of passed calls' }),
    },
  ];
}

const templateSchema = z.object({ result: z.array(z.unknown()) });
const wholeTemplateSchema = z.object({
  ...named,
  total_pass_rate: toldNumber,
  total_avg: toldNumber,
  total_cells: toldNumber,
});

/** The name and the numbers of the template itself are an average; they count where nothing else is told. */
function evaluationsOfTemplate(item: unknown): Evaluation[] {
  const inner = templateSchema.safeParse(item).data?.result;
  if (inner) return inner.flatMap((one) => currentEvaluation(one));
  const { data } = wholeTemplateSchema.safeParse(item);
  if (!data) return [];
  const { total_pass_rate, total_avg, total_cells } = data;
  const score = total_pass_rate ?? total_avg;
  return [{ name: boundedText(data.name, NAME_LENGTH), ...scoring(score, total_cells) }];
}

const currentSchema = z.object({
  ...named,
  total_cells: toldNumber,
  avg_score: toldNumber,
  output: z.catch(
    z.object({ pass: toldNumber, pass_count: toldNumber, fail_count: toldNumber }),
    {},
  ),
});

function currentEvaluation(item: unknown): Evaluation[] {
  const { data } = currentSchema.safeParse(item);
  if (!data) return [];
  const { total_cells: cells, avg_score, output } = data;
  const { pass_count: passed, fail_count: failed } = output;
  const name = boundedText(data.name, NAME_LENGTH);
  if (passed === undefined) return [{ name, ...scoring(avg_score ?? output.pass, cells) }];
  // An output that is neither passed nor failed is in total_cells, and has scored nothing.
  const scored = failed === undefined ? cells : passed + failed;
  return [{ name, ...passing(passed, scored) }];
}

function passing(passed: number, scored: number | undefined): Omit<Evaluation, 'name'> {
  if (scored === undefined || !isCount(passed) || !isCount(scored) || passed > scored) {
    return { problem: `its counts make no sense (${passed} of ${scored ?? 'an unknown number'})` };
  }
  return scored === 0 ? { scored } : { score: percentageOf(passed, scored), passed, scored };
}

/** The public server says 0 for nothing, so that a 0 is a score only where calls were scored. */
function scoring(score: number | undefined, scored: number | undefined): Omit<Evaluation, 'name'> {
  if (scored !== undefined && !isCount(scored)) {
    return { problem: `its number of calls makes no sense (${scored})` };
  }
  if (scored === 0) return { scored };
  if (score === undefined) return { problem: 'it tells no score' };
  if (!isPercentage(score)) return { problem: `its score makes no sense (${score})` };
  if (score === 0 && scored === undefined)
    return { problem: 'its 0 may mean that no call was scored' };
  return { score: percentageOf(score, 100), ...(scored !== undefined && { scored }) };
}
