import { expect, test } from 'vitest';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { triggerStats } from '../../lib/views/trigger-stats.ts';

const COMMON = { id: 'f', trigger: 'nightly', recordedAt: '2026-11-24T02:00:00Z' };
const cause = { kind: 'command', requestId: 'f' } as const;

function firing(state: ListedFiring['state'], result?: Partial<ListedFiring['result']>) {
  const whole = { verdict: 'passed', reasons: [], status: 'completed', finishedAt: '', ...result };
  return { ...COMMON, cause, state, ...(result && { result: whole }) } as ListedFiring;
}

function statsOf(newestFirst: readonly ListedFiring[]) {
  const counted = triggerStats('nightly');
  for (const each of newestFirst) counted.add(each);
  return counted.stats();
}

test('runs, verdicts and rates are counted, what never ran by its state', () => {
  const newestFirst = [
    firing('started'),
    firing('completed', { successRate: 50, verdict: 'failed', durationSeconds: 60, costCents: 12 }),
    firing('skipped'),
    firing('completed', { successRate: 100, durationSeconds: 20, costCents: 30 }),
    firing('completed', { successRate: 90, durationSeconds: 40 }),
    firing('completed', { verdict: 'inconclusive' }),
    firing('rejected'),
    firing('skipped'),
  ];
  expect(statsOf(newestFirst)).toEqual({
    trigger: 'nightly',
    runs: 5,
    verdicts: { passed: 2, failed: 1, inconclusive: 1 },
    notStarted: { skipped: 2, rejected: 1 },
    passRate: 66.7,
    successRates: [90, 100, 50],
    durationSeconds: 40,
    cost: { cents: 42, runs: 2 },
  });
});

test('where nothing has run, no rate is made up', () => {
  expect(statsOf([])).toEqual({
    trigger: 'nightly',
    runs: 0,
    verdicts: { passed: 0, failed: 0, inconclusive: 0 },
    notStarted: {},
    successRates: [],
  });
});
