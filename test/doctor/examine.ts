import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Dialect } from '../../lambda/api/dialect.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { diagnose } from '../../lib/doctor/diagnose.ts';
import { startStandInApi } from '../../lib/local/stand-in/stand-in-api.ts';
import type { ServerDialect } from '../../lib/local/stand-in/stand-in-request.ts';
import { temporaryDirectory } from '../local/hand-written-stack.ts';
import { manualClock } from '../local/manual-clock.ts';

export const RUN_TEST = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
export const EMPTY = '8f14e45f-ceea-467f-a0e6-2d7d1a9c1b54';
export const A = 'aaaaaaaa-0000-4000-8000-000000000001';
export const B = 'bbbbbbbb-0000-4000-8000-000000000002';
export const C = 'cccccccc-0000-4000-8000-000000000003';
export const PAIR = '{"apiKey":"a-key","secretKey":"a-secret"}';
const PROBE = '/simulate/run-tests/00000000-0000-4000-8000-000000000000/execute/';
export const LIMITS = { connectMs: 500, totalMs: 1_000 };

interface Case {
  readonly secretValue?: string;
  readonly apiDialect?: Dialect;
  readonly triggers?: Record<string, Trigger>;
}

/** The diagnosis of a stand-in of this server; it has seen no request that could start anything, and shows no key. */
export async function examine(
  server: ServerDialect,
  { secretValue = PAIR, apiDialect, triggers }: Case,
) {
  const api = await startStandInApi({
    runTests: new Map([
      [
        RUN_TEST,
        [
          { id: A, name: 'Alpha', rows: 2 },
          { id: B, name: 'Beta', rows: 3 },
          { id: C, name: 'Gamma', rows: 0 },
        ],
      ],
      [EMPTY, []],
    ]),
    namedRunTests: [{ id: RUN_TEST, name: 'Checkout regression' }],
    apiKey: () => PAIR,
    server,
    file: join(temporaryDirectory(), 'executions.jsonl'),
    clock: manualClock('2026-11-24T02:00:00Z'),
  });
  onTestFinished(() => api.stop());
  const config = { apiKeySecret: 'api-key', triggers: triggers ?? {} };
  const diagnosis = await diagnose({
    baseUrl: api.url,
    secretValue,
    config: { ...config, ...(apiDialect && { apiDialect }) },
    limits: LIMITS,
    setKey: 'Set a valid one.',
  });
  const posts = api.received.filter(({ method }) => method === 'POST').map(({ path }) => path);
  expect([...new Set(posts)]).toEqual([PROBE]);
  expect(JSON.stringify(diagnosis)).not.toMatch(/a-key|a-secret/);
  return diagnosis;
}
