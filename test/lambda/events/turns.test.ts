import { afterAll, beforeAll, expect, test } from 'vitest';
import { trackProblems } from '../../../lambda/events/problems.ts';
import { clockAt } from '../../support/clock.ts';
import { type MemoryLedger, startMemoryLedger } from '../../support/memory-ledger.ts';

let memory: MemoryLedger;
beforeAll(async () => {
  memory = await startMemoryLedger();
});
afterAll(() => memory.stop());

const KINDS = { F: 'failed', I: 'inconclusive', P: 'passed', X: 'rejected' } as const;

/** What people are told of each run: ! a problem, ~ that it flaps, = that they know, + recovered, . nothing. */
async function told(runs: string, alertAfter: number, recoverAfter: number): Promise<string> {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const context = { ledger: memory.ledger, now: clock.now, repeatAfterMinutes: 10_080 };
  const marks: string[] = [];
  for (const [index, letter] of [...runs].entries()) {
    const kind = KINDS[letter as keyof typeof KINDS];
    const event = {
      kind,
      firing: String(index),
      beganAt: clock.now().toISOString(),
      showsItWorks: kind === 'passed',
      causes: ['the same'],
      patience: { alertAfter, recoverAfter },
    };
    const trigger = `${runs}-${alertAfter}-${recoverAfter}`;
    const first = await trackProblems(trigger, event, context);
    expect(await trackProblems(trigger, event, context)).toEqual(first);
    marks.push(markOf(first, kind === 'passed'));
    clock.advance(1440);
  }
  return marks.join('');
}

function markOf(
  { repeated, ended, mood }: Awaited<ReturnType<typeof trackProblems>>,
  isGood: boolean,
) {
  if (mood === 'flapping') return '~';
  if (mood === 'held') return '.';
  if (repeated) return '=';
  if (isGood) return ended.length > 0 ? '+' : '.';
  return '!';
}

test.each([
  ['PFFP', 1, 1, '.!=+'],
  ['PFPFFP', 2, 1, '....!+'],
  ['FIFP', 2, 1, '.!!+'],
  ['FFPPF', 1, 2, '!=.+!'],
  ['FFPFPP', 1, 2, '!=.=.+'],
  ['XP', 3, 1, '!+'],
  ['FXFP', 3, 1, '.!!+'],
  // Flaps at its fifth run, and is steady after three alike.
  ['FPFPFPFPPP', 1, 1, '!+!+~....+'],
  ['FPFPFPFFFP', 1, 1, '!+!+~...!+'],
  // With patience, too: that is news of its own.
  ['FPFPFPPP', 2, 1, '....~..+'],
] as const)('of %s with alertAfter %i and recoverAfter %i', async (runs, alert, recover, marks) => {
  expect(await told(runs, alert, recover)).toBe(marks);
});

test('a problem that is told late began with its first run', async () => {
  const clock = clockAt('2026-11-24T02:00:00Z');
  const context = { ledger: memory.ledger, now: clock.now, repeatAfterMinutes: 720 };
  const patience = { alertAfter: 2, recoverAfter: 1 };
  const run = (firing: string, kind: 'failed' | 'passed') => {
    clock.advance(60);
    const beganAt = clock.now().toISOString();
    const event = { kind, firing, beganAt, showsItWorks: kind === 'passed', causes: [], patience };
    return trackProblems('late', event, context);
  };
  await run('a', 'failed');
  await run('b', 'failed');
  expect((await run('c', 'passed')).ended).toEqual([
    { kind: 'failed', since: '2026-11-24T03:00:00.000Z', runs: 2 },
  ]);
});
