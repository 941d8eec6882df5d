import fc from 'fast-check';
import { expect, test } from 'vitest';
import { followTests } from '../../support/follow-world.ts';
import { runs } from '../../support/runs.ts';

const tests = followTests();
const { fire, sweeps, world } = tests;

const NUMBERS = [0, 1, 4, 10, -1, 2.5, 9_500, 1e308, -1e308, Number.MAX_SAFE_INTEGER];
const TEXTS = ['', 'completed', 'failed', 'x'.repeat(300_000), '\ud800', '\u0000', 'constructor'];
const value = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.constantFrom(...TEXTS),
  fc.constantFrom(null, true, [], {}, [{}], '1e999'),
);
const named = (...names: string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });

/** What a server might say of an execution that is over, in any of its shapes. */
const status = named(
  'total_calls',
  'completed_calls',
  'failed_calls',
  'success_rate',
  'calls',
  'error_reason',
  'duration_seconds',
  'end_time',
);
const evaluation = named(
  'name',
  'total_cells',
  'avg_score',
  'average_score',
  'total_runs',
  'passed',
  'output',
);
const summary = fc.record({
  evaluations: fc.option(fc.array(evaluation)),
  result: fc.array(fc.oneof(evaluation, fc.record({ name: value, result: fc.array(evaluation) }))),
});
const call = fc.record({
  scenario: value,
  scenario_id: value,
  status: value,
  ended_reason: value,
  cost_cents: value,
  eval_outputs: fc.oneof(
    value,
    fc.dictionary(fc.string(), named('name', 'value', 'output', 'type', 'reason')),
  ),
});
const calls = fc.record({ results: fc.array(call), total_pages: value, count: value });

test('whatever the server says of an execution that is over, its firing ends with a verdict', {
  timeout: runs(60_000),
}, async () => {
  const own = await world();
  const settings = {
    expect: { minEvaluation: { completed: 50 }, noWorseThan: { runs: 10, tolerance: 0 } },
  };
  let round = 0;
  await fc.assert(
    fc.asyncProperty(status, summary, calls, async (ofStatus, ofEvaluations, ofCalls) => {
      round += 1;
      const id = await fire(own, settings, `r-${round}`);
      const executionId = (await tests.ledger.read(id))?.execution?.id;
      own.distortion = (path) => {
        const body = path.includes('status/')
          ? { ...ofStatus, execution_id: executionId, status: 'completed' }
          : path.includes('eval-summary')
            ? ofEvaluations
            : ofCalls;
        return [200, JSON.stringify(body).replaceAll('"1e999"', '1e999')];
      };
      // Of an answer beyond 1 MiB nothing is read, so the evaluations are waited for.
      await sweeps(own, 1);
      if ((await tests.ledger.read(id))?.state === 'started') await sweeps(own, 11);
      const firing = await tests.ledger.read(id);
      expect(firing).toMatchObject({ state: 'completed', result: { status: 'completed' } });
      expect(JSON.stringify(firing).length).toBeLessThan(100_000);
      own.distortion = (_, body) => [200, body];
    }),
    { numRuns: runs(5) },
  );
  for (const event of own.published) expect(JSON.stringify(event).length).toBeLessThan(100_000);
});
