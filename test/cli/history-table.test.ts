import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { formatHistory } from '../../lib/cli/history-table.ts';

beforeAll(() => vi.stubEnv('TZ', 'Europe/Berlin'));
afterAll(() => vi.unstubAllEnvs());

const plain = (_format: unknown, text: string) => text;
const now = new Date('2026-11-26T00:00:00Z');
const finishedAt = '2026-11-25T01:20:00Z';
const FIRINGS: readonly ListedFiring[] = [
  {
    id: 'f',
    trigger: 'nightly-regression-of-the-shop',
    state: 'skipped',
    cause: { kind: 'command', requestId: 'f' },
    recordedAt: '2026-11-25T05:00:00Z',
    reason:
      'Every trigger is paused (by ada): the provider changes\nall of its servers until Friday',
  },
  {
    id: 'g',
    trigger: 'nightly-regression-of-the-shop',
    state: 'completed',
    cause: { kind: 'schedule', schedule: 'early', scheduledTime: '2026-11-25T01:00:00Z' },
    recordedAt: '2026-11-25T01:00:00Z',
    result: {
      verdict: 'failed',
      reasons: ['Success rate 92.3 %, expected at least 95 %.'],
      status: 'completed',
      finishedAt,
      durationSeconds: 754,
      totalCalls: 13,
      completedCalls: 12,
      successRate: 92.3,
    },
  },
  {
    id: 'h',
    trigger: 'deploy',
    state: 'rejected',
    cause: { kind: 'delivery', deliveryId: 'h' },
    recordedAt: '2025-12-30T23:30:00Z',
  },
];

test.each([
  [
    80,
    `ID      WHEN          TRIGGER             CAUSE     RESULT    CALLS  OK      TOOK
252f10  25 Nov 06:00  nightly-regressio…  command   skipped
        Every trigger is paused (by ada): the provider changes all of its serve…
cd0aa9  25 Nov 02:00  nightly-regressio…  schedule  failed    12/13  92.3 %  12m 34s
        Success rate 92.3 %, expected at least 95 %.
aaa940  31 Dec 2025   deploy              delivery  rejected
`,
  ],
])('in %i columns', (width, text) => {
  expect(formatHistory(FIRINGS, { width, now }, plain)).toBe(text);
});

test('a firing in doubt says what happens next', () => {
  const [, , rejected] = FIRINGS;
  const unknown = [{ ...rejected, state: 'unknown' }] as ListedFiring[];
  expect(formatHistory(unknown, { width: 120, now }, plain)).toContain(
    '\n        Not known whether it started. The executions of the run test are read once a minute until it is known.\n',
  );
});
