import { expect, test } from 'vitest';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { dueTimes } from '../../lib/views/due-times.ts';
import { trendsOf } from '../../lib/views/trends.ts';
import { weekDates, weekOf } from '../../lib/views/week.ts';

function run(index: number, successRate: number, tone?: number): ListedFiring {
  const at = new Date(Date.UTC(2026, 10, index, 1)).toISOString();
  return {
    id: `nightly:${index}`,
    trigger: 'nightly',
    state: 'completed',
    cause: { kind: 'schedule', schedule: 'early', scheduledTime: at },
    recordedAt: at,
    result: {
      verdict: 'passed',
      reasons: [],
      status: 'completed',
      finishedAt: at,
      successRate,
      ...(tone !== undefined && { evaluations: [{ name: 'Tone', score: tone }] }),
    },
  };
}

const newestFirst = (scores: readonly number[]) =>
  scores.map((score, index) => run(index + 1, 100, score)).toReversed();

test.each([
  [[90, 91, 90, 90, 90], undefined],
  [[90, 90, 90, 90, 60], 10],
  [[90, 90, 80, 70, 60], 20],
  [[90, 60, 60], undefined],
  [[60, 70, 80, 90], undefined],
])('of the scores %j, the last three are worse by %s', (scores, fell) => {
  const trends = trendsOf(newestFirst(scores));
  expect(trends).toEqual([
    { of: 'calls', name: 'success rate', values: scores.map(() => 100) },
    { of: 'evaluation', name: 'Tone', values: scores, ...(fell !== undefined && { fell }) },
  ]);
});

test('where less is better, a rise is the fall', () => {
  const trends = trendsOf(newestFirst([10, 10, 40, 40, 40]), { lowerIsBetter: ['Tone'] });
  expect(trends[1]).toMatchObject({ fell: 30 });
});

test('the week has each day in the zone of the file, also one with 23 hours', () => {
  const dates = weekDates(new Date('2026-03-27T22:30:00Z'), 'Europe/Berlin');
  expect(dates.slice(5, 11)).toEqual([
    '2026-03-25',
    '2026-03-26',
    '2026-03-27',
    '2026-03-28',
    '2026-03-29',
    '2026-03-30',
  ]);
  const now = new Date('2026-11-03T12:00:00Z');
  const past = dueTimes({ schedules: [], missedAfterMinutes: 10 }, [run(2, 100), run(1, 100)], {
    now,
    most: 30,
  });
  const ahead = [new Date('2026-11-03T23:30:00Z')];
  const days = weekOf(
    weekDates(now, 'Europe/Berlin'),
    { past, since: new Date('2026-11-01T01:00:00Z'), ahead },
    'Europe/Berlin',
  );
  expect(days.slice(5, 9)).toEqual([
    { date: '2026-11-01', words: { passed: 1 }, ahead: 0, isPart: true },
    { date: '2026-11-02', words: { passed: 1 }, ahead: 0 },
    { date: '2026-11-03', words: {}, ahead: 0 },
    { date: '2026-11-04', words: {}, ahead: 1 },
  ]);
});
