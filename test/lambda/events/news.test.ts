import { afterAll, beforeAll, expect, test } from 'vitest';
import { trackProblems } from '../../../lambda/events/problems.ts';
import { clockAt } from '../../support/clock.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

const CALLS = 'calls completed, at least # % wanted';
const TONE = '"Tone check" scored #';

// what people were told, what happens so many hours later, and whether that is news
test.each([
  ['the same an hour later', { rate: 80 }, { rate: 80 }, 1, false],
  ['a little worse', { rate: 80 }, { rate: 61 }, 6, false],
  ['clearly worse', { rate: 80 }, { rate: 60 }, 6, true],
  ['better, and still bad', { rate: 40 }, { rate: 80 }, 6, false],
  ['something else as well', { causes: [CALLS] }, { causes: [CALLS, TONE] }, 6, true],
  ['less of what people know', { causes: [CALLS, TONE] }, { causes: [TONE] }, 6, false],
  ['the same after half a day', { rate: 80 }, { rate: 80 }, 12, true],
])('%s', async (name, first, second, hours, isNews) => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const context = { ledger: memory.ledger, now: clock.now, repeatAfterMinutes: 720 };
  const trigger = name.replaceAll(/\W/g, '-');
  const happens = (firing: string, seen: { rate?: number; causes?: string[] }) =>
    trackProblems(
      trigger,
      {
        kind: 'failed',
        firing,
        beganAt: clock.now().toISOString(),
        showsItWorks: false,
        causes: [CALLS],
        ...seen,
      },
      context,
    );
  expect(await happens('first', first)).toEqual({ repeated: false, ended: [] });
  clock.advance(60 * hours);
  expect((await happens('second', second)).repeated).toBe(!isNews);
  expect((await happens('second', second)).repeated).toBe(!isNews);
  clock.advance(60);
  const recovery = { kind: 'passed', firing: 'third', showsItWorks: true, causes: [] } as const;
  const { ended } = await trackProblems(
    trigger,
    { ...recovery, beganAt: clock.now().toISOString() },
    context,
  );
  expect(ended).toEqual([{ kind: 'failed', since: '2026-11-24T02:00:00.000Z', runs: 2 }]);
});
