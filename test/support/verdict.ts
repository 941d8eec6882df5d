import { readFileSync } from 'node:fs';
import { executionProgress } from '../../lambda/api/execution-progress.ts';
import type { ApiAccess } from '../../lambda/api/future-agi.ts';
import type { ExecutedFiring, Result } from '../../lambda/firing/firing.ts';
import { newFiring } from '../../lambda/firing/new-firing.ts';
import type { Expectation } from '../../lambda/firing/policy.ts';
import { readEvaluations } from '../../lambda/follow/evaluations.ts';
import { judgedResult } from '../../lambda/follow/result.ts';
import {
  type LoopbackServer,
  sendJson,
  serveLoopback,
} from '../../lib/local/server/http-server.ts';
import { NIGHTLY } from './fixture.ts';
import { type MemoryLedger, startMemoryLedger } from './memory-ledger.ts';

const EXECUTION_ID = 'b8f5f0a2-6f0e-4e57-9c1e-0d6f3f0c7a11';
const RUN_TEST_ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

/** What the server answers: a file of `test/fixtures/verdicts`, with changes to it, or an HTTP status. */
export type Answer = string | readonly [file: string, changes: object] | number;

/** Absent, all ten calls completed, four evaluations scored them, and nothing else can be read. */
export interface ServerAnswers {
  /** The run test's latest execution. */
  readonly status?: Answer;
  /** The executions list; the changes are made to its first item. */
  readonly list?: Answer;
  readonly evaluations?: Answer;
  readonly calls?: Answer;
  readonly performance?: Answer;
}

const PLACES = [
  ['status', /\/status\/$/, 'status'],
  ['list', /\/executions\/\?/, 404],
  ['evaluations', /\/eval-summary\//, 'eval-summary'],
  ['performance', /\/performance-summary\/$/, 404],
  ['calls', /\/test-executions\//, 404],
] as const;

/** A server with settable answers, and the judging of what it says, as the sweep does it. */
export interface VerdictWorld {
  judge(answers: ServerAnswers, expect?: Expectation, trigger?: string): Promise<Result>;
  readonly reads: string[];
  stop(): Promise<void>;
}

let count = 0;

export async function startVerdictWorld(): Promise<VerdictWorld> {
  let answers: ServerAnswers = {};
  const reads: string[] = [];
  const memory = await startMemoryLedger();
  const server = await serveLoopback(async ({ url = '' }, response) => {
    reads.push(url.replace(/[0-9a-f-]{36}/g, 'ID'));
    const [name, , usual] = PLACES.find(([, path]) => path.test(url)) ?? ['', /./, 404];
    const [status, body] = answerOf((name && answers[name]) ?? usual, name === 'list');
    sendJson(response, status, body);
  });
  return {
    reads,
    async judge(given, expect, trigger) {
      answers = given;
      reads.splice(0);
      return judgement(server, memory, expect, trigger);
    },
    async stop() {
      await Promise.all([server.stop(), memory.stop()]);
    },
  };
}

function answerOf(answer: Answer, isList: boolean): readonly [status: number, body: object] {
  if (typeof answer === 'number') return [answer, { message: `no answer (${answer})` }];
  const [file, changes = {}] = typeof answer === 'string' ? [answer] : answer;
  const url = new URL(`../fixtures/verdicts/${file}.json`, import.meta.url);
  const body = JSON.parse(readFileSync(url, 'utf8'));
  if (!isList) return [200, { ...body, ...changes }];
  const [first, ...others] = body.results;
  return [200, { ...body, results: [{ ...first, ...changes }, ...others] }];
}

async function judgement(
  server: LoopbackServer,
  { ledger }: MemoryLedger,
  expect: Expectation | undefined,
  trigger?: string,
): Promise<Result> {
  count += 1;
  const now = () => new Date(Date.UTC(2026, 10, 24, 2, 0, count));
  const access: ApiAccess = {
    baseUrl: server.url,
    key: { dialect: 'documented', apiKey: 'key' },
    limits: () => ({ connectMs: 30_000, totalMs: 30_000 }),
  };
  const progress = await executionProgress(RUN_TEST_ID, EXECUTION_ID, access);
  if ('kind' in progress) throw new Error(progress.message);
  const evaluations = await readEvaluations(RUN_TEST_ID, EXECUTION_ID, access);
  const end = { ...progress, ...(Array.isArray(evaluations) && { evaluations }) };
  const cause = { kind: 'command', requestId: `r-${count}` } as const;
  const settings = { ...NIGHTLY, ...(expect && { expect }) };
  const planned = newFiring(
    { trigger: trigger ?? `t-${count}`, cause, at: now() },
    settings,
    now(),
  );
  const sentAt = now().toISOString();
  const firing: ExecutedFiring = {
    ...planned,
    state: 'started',
    runTestId: RUN_TEST_ID,
    sentAt,
    attempts: [{ sentAt }],
    execution: { id: EXECUTION_ID, status: progress.status },
  };
  return judgedResult(firing, end, access, { ledger, now });
}

/** The latest status, with these numbers. */
export const status = (changes: object): ServerAnswers => ({ status: ['status', changes] });

/** Only the list has the execution, with these numbers. */
export const listed = (changes: object): ServerAnswers => ({
  status: ['status', { execution_id: 'another' }],
  list: ['list', changes],
});
