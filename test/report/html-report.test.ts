import { expect, test } from 'vitest';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { htmlReport } from '../../lib/report/html-report.ts';

const TIME = {
  from: new Date('2026-10-25T00:00:00Z'),
  to: new Date('2026-11-24T00:00:00Z'),
  zone: 'Europe/Berlin',
};

function run(day: number, verdict: 'passed' | 'failed', successRate: number): ListedFiring {
  return {
    id: `nightly:command:${day}`,
    trigger: 'nightly',
    state: 'completed',
    cause: { kind: 'command', requestId: String(day) },
    recordedAt: `2026-11-${day}T02:00:00Z`,
    result: {
      verdict,
      reasons: verdict === 'passed' ? [] : ['<img src=x onerror=alert(1)> & "worse"'],
      status: 'completed',
      finishedAt: `2026-11-${day}T02:10:00Z`,
      durationSeconds: 60 * day,
      totalCalls: 10,
      completedCalls: successRate / 10,
      successRate,
      evaluations: [{ name: 'Tone </svg>', score: 70 + day }],
      ...(verdict === 'failed' && { costCents: 250 }),
    },
  };
}

const SKIPPED: ListedFiring = {
  id: 'nightly:command:20',
  trigger: 'nightly',
  state: 'skipped',
  cause: { kind: 'command', requestId: '20' },
  recordedAt: '2026-11-20T02:00:00Z',
  reason: 'It is paused.',
};
const FIRINGS = [SKIPPED, run(13, 'failed', 60), run(12, 'passed', 100), run(11, 'passed', 90)];
const PAGE = htmlReport(
  [
    { trigger: 'nightly', firings: FIRINGS },
    { trigger: 'weekly', firings: [] },
  ],
  TIME,
);

/** The text of each cell of the rows of a table. */
function rows(page: string): string[][] {
  return [...page.matchAll(/<tr[^>]*>(.*?)<\/tr>/g)].map(([, cells = '']) =>
    [...cells.matchAll(/<t[hd]>(.*?)<\/t[hd]>/g)].map(([, text = '']) => text),
  );
}

test('each trigger has its sums, and each firing its row, newest first', () => {
  const table = rows(PAGE);
  expect(table).toContainEqual(['nightly', '3', '2', '1', '2.50 USD (told by 1 of 3 runs)']);
  expect(table).toContainEqual(['weekly', '0', '0', '0', 'not told']);
  expect(table.at(-4)).toEqual([
    '2026-11-20 03:00',
    'command',
    'skipped',
    '',
    '',
    '',
    '',
    'It is paused.',
  ]);
  expect(table.at(-3)?.slice(0, 7)).toEqual([
    '2026-11-13 03:00',
    'command',
    'failed',
    '6/10',
    '60 %',
    '13.0',
    '2.50',
  ]);
});

test('a chart has a point for each run, oldest first', () => {
  const lines = [...PAGE.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) => points);
  expect(lines).toEqual([
    '52,23 384,10 716,62',
    '52,34.7 384,33.4 716,32.1',
    '52,30 384,20 716,10',
  ]);
  expect(PAGE).toContain('success rate: 60 %');
});

test('the page loads nothing, runs nothing, and shows what it was told as text', () => {
  expect(PAGE).not.toMatch(/<script|<img|<link|https?:|url\(|@import/i);
  expect(PAGE).toContain("default-src 'none'");
  expect(PAGE).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;worse&quot;');
  expect(PAGE).toContain('Tone &lt;/svg&gt;');
});
