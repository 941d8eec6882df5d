import { expect, test } from 'vitest';
import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { reportedTriggers } from '../../lib/report/reported-triggers.ts';

async function* firings(count: number): AsyncGenerator<ListedFiring> {
  const cause = { kind: 'command', requestId: 'r' } as const;
  const recordedAt = '2026-11-24T02:00:00Z';
  const firing = { id: 'f', trigger: 'nightly', state: 'skipped', cause, recordedAt } as const;
  for (let index = 0; index < count; index += 1) yield firing;
}

test('each trigger has its firings, also the one without any', async () => {
  const reported = await reportedTriggers(['nightly', 'weekly'], firings(50_000), 'report');
  expect(reported.map(({ trigger, firings: { length } }) => [trigger, length])).toEqual([
    ['nightly', 50_000],
    ['weekly', 0],
  ]);
});

test('more than a page can have are refused, with a command for fewer', async () => {
  const refused = reportedTriggers(['nightly'], firings(50_001), 'report --since 1d --html r.html');
  await expect(refused).rejects.toThrow(
    'These are more than 50,000 firings, too many for one page: name one trigger, or a later time (npx rtt report --since 1d --html r.html)',
  );
});
