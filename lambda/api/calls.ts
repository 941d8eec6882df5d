import * as z from 'zod/mini';
import { boundedText } from '../runtime/bounded-text.ts';
import { type ApiAccess, readPage, type Unreadable } from './future-agi.ts';
import { isPercentage, toldNumber, toldText } from './told-number.ts';

/** One simulated call, from the list of an execution's calls. */
export interface Call {
  /** Its scenario's id, or else its name. */
  readonly scenarioId: string;
  readonly scenario: string;
  readonly isCompleted: boolean;
  /** Why it ended, in the server's words. */
  readonly endedReason?: string;
  /** Told of a call that cost something. */
  readonly costCents?: number;
  readonly evaluations: readonly CallEvaluation[];
}

/** One score of one call, as the list of calls has it. */
export interface CallEvaluation {
  readonly name: string;
  /** 0 to 100; pass is 100 and fail is 0. */
  readonly score: number;
  readonly isPassFail: boolean;
  /** The server's explanation; may be empty. */
  readonly reason: string;
}

/** Calls of an execution; of a large one, only the first. */
export interface Calls {
  readonly calls: readonly Call[];
  readonly isAll: boolean;
}

/** A call is 10 KB and more on the public server, and an answer is read up to 1 MiB. */
const PAGE_SIZE = 20;
/** 300 calls: reading them costs the server more than anything else that is asked of it. */
const MOST_PAGES = 15;
const NAME_LENGTH = 255;
const REASON_LENGTH = 200;

/**
 * Reads the calls of an execution that is over. The request is dear and writes on the server: once for each
 * execution, never to poll. Earlier tries of a call that was run again are left out. Never rejects.
 */
export async function readCalls(
  executionId: string,
  access: ApiAccess,
): Promise<Calls | Unreadable> {
  const path = `/simulate/test-executions/${encodeURIComponent(executionId)}/?`;
  const calls = new Map<string, Call>();
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const read = await readPage(path, { page, size: PAGE_SIZE, what: 'list of calls' }, access);
    if (read.kind === 'unreadable') return read;
    for (const [index, item] of read.results.entries()) {
      const call = callSchema.safeParse(item).data;
      // Pages may shift while they are read.
      if (call && !call.is_snapshot) calls.set(call.id ?? `${page}/${index}`, callOf(call));
    }
    if (read.isLast) return { calls: [...calls.values()], isAll: true };
  }
  return { calls: [...calls.values()], isAll: false };
}

const evaluationSchema = z.object({
  name: z.string().check(z.minLength(1)),
  /** `value` and `type` on the public server, `output` and `output_type` as documented. */
  output: z.optional(z.unknown()),
  value: z.optional(z.unknown()),
  output_type: toldText,
  type: toldText,
  reason: toldText,
  error: z.optional(z.unknown()),
  skipped: z.optional(z.unknown()),
});

const callSchema = z.object({
  id: toldText,
  status: z.catch(z.string(), ''),
  scenario: z.catch(z.string(), 'a scenario without a name'),
  scenario_id: toldText,
  ended_reason: toldText,
  cost_cents: toldNumber,
  customer_cost_cents: toldNumber,
  is_snapshot: z.catch(z.boolean(), false),
  eval_outputs: z.catch(z.record(z.string(), z.unknown()), {}),
});

function callOf(call: z.infer<typeof callSchema>): Call {
  const { scenario_id, ended_reason, cost_cents, customer_cost_cents } = call;
  const scenario = boundedText(call.scenario, NAME_LENGTH);
  const costCents = cost_cents ?? customer_cost_cents;
  const outputs = Object.values(call.eval_outputs).flatMap((output) => {
    const { data } = evaluationSchema.safeParse(output);
    return data ? evaluationOf(data) : [];
  });
  return {
    scenarioId: boundedText(scenario_id ?? scenario, NAME_LENGTH),
    scenario,
    isCompleted: call.status.toLowerCase() === 'completed',
    ...(ended_reason && { endedReason: boundedText(ended_reason, REASON_LENGTH) }),
    ...(costCents !== undefined && isCost(costCents) && { costCents }),
    evaluations: outputs.filter(
      ({ name }) => outputs.filter((other) => other.name === name).length === 1,
    ),
  };
}

function isCost(cents: number): boolean {
  return cents >= 0 && cents <= 10_000_000;
}

function evaluationOf(output: z.infer<typeof evaluationSchema>): CallEvaluation[] {
  if (output.error || output.skipped) return [];
  const value = output.output ?? output.value;
  const passed = passFailOf(value);
  const percentage = typeof value === 'number' ? 100 * value : undefined;
  const score = passed ?? percentage;
  if (score === undefined || !isPercentage(score)) return [];
  return [
    {
      name: boundedText(output.name, NAME_LENGTH),
      score: Math.round(score),
      isPassFail: passed !== undefined,
      reason: boundedText(output.reason ?? '', REASON_LENGTH),
    },
  ];
}

const PASS_FAIL = new Map([
  ['passed', 100],
  ['pass', 100],
  ['failed', 0],
  ['fail', 0],
]);

function passFailOf(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 100 : 0;
  return typeof value === 'string' ? PASS_FAIL.get(value.toLowerCase()) : undefined;
}
