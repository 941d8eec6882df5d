import { expect, test } from 'vitest';
import { nextLook } from '../../../lambda/follow/next-look.ts';
import { followTests, type World } from '../../support/follow-world.ts';

const tests = followTests();
const { fire, sweeps, world } = tests;

/** The minutes after the start at which a sweep polls a run of this length. */
function looksAt(usualMinutes: number, runMinutes: number): number[] {
  const sentAt = '2026-11-24T02:00:00.000Z';
  const looks: number[] = [];
  let next = new Date('2026-11-24T02:00:45Z');
  for (let minute = 1; (looks.at(-1) ?? 0) < runMinutes; minute += 1) {
    const now = new Date(Date.parse(sentAt) + minute * 60_000);
    if (now < next) continue;
    looks.push(minute);
    next = nextLook({ sentAt, usualSeconds: usualMinutes * 60 }, now);
  }
  return looks;
}

test.each([
  { usual: 0, run: 30, looks: [1, 2, 3, 4, 5, 7, 9, 12, 15, 19, 24, 29, 34] },
  { usual: 2, run: 2, looks: [1, 2] },
  { usual: 30, run: 30, looks: [1, 6, 11, 16, 21, 26, 27, 29, 31] },
  { usual: 30, run: 3, looks: [1, 6] },
  { usual: 30, run: 50, looks: [1, 6, 11, 16, 21, 26, 27, 29, 31, 33, 35, 37, 42, 47, 52] },
  {
    usual: 240,
    run: 240,
    looks: [
      1, 16, 31, 46, 61, 76, 91, 106, 121, 136, 151, 166, 181, 196, 211, 216, 221, 226, 231, 236,
      241,
    ],
  },
])('a run of $run minutes where $usual are usual is polled at $looks', ({ usual, run, looks }) => {
  expect(looksAt(usual, run)).toEqual(looks);
});

/** A world that counts what it writes of firings. */
function counting(own: World): World & { readonly states: string[] } {
  const states: string[] = [];
  const { ledger } = own.core;
  const write: typeof ledger.write = (from, to) => {
    states.push(to.state);
    return ledger.write(from, to);
  };
  return Object.assign(own, { core: { ...own.core, ledger: { ...ledger, write } }, states });
}

test('while nothing is new, nothing is written, and a new function polls once more', async () => {
  const own = counting(await world());
  const first = await fire(own);
  await sweeps(own, 1);
  const done = await tests.ledger.read(first);
  if (done?.state !== 'completed') throw new Error(`It is ${done?.state}`);
  await tests.ledger.write(done, { ...done, result: { ...done.result, durationSeconds: 1_800 } });

  const end = tests.inMinutes(30);
  own.distortion = (_, body) => [
    200,
    tests.clock.now() < end ? body.replaceAll('COMPLETED', 'RUNNING') : body,
  ];
  const second = await fire(own, {}, 'second');
  own.states.splice(0);
  const polls = () => own.reads.filter((path) => path.endsWith('/status/')).length;
  await sweeps(own, 29);
  expect(polls()).toBe(8);
  expect(own.states).toEqual(['started']);
  own.core.looks.clear();
  await sweeps(own, 2);
  expect(polls()).toBe(9);
  expect(own.states).toEqual(['started', 'completed', 'completed']);
  expect(await tests.ledger.read(second)).toMatchObject({
    state: 'completed',
    usualSeconds: 1_800,
  });
});

test('what a poll of a run has found is written, without the time of the next poll', async () => {
  const own = counting(await world());
  own.course = { ...own.course, durationMs: 30 * 60_000 };
  const id = await fire(own);
  const polls = () => own.reads.filter((path) => path.endsWith('/status/')).length;
  const written = async () => {
    const { nextCheckAt, execution } = (await tests.ledger.read(id)) ?? {};
    return [polls(), own.states.length, nextCheckAt?.slice(11, 19), execution?.completedCalls];
  };
  await sweeps(own, 1);
  own.states.splice(0);
  expect(await written()).toEqual([1, 0, '02:00:45', 0]);
  await sweeps(own, 9);
  expect(await written()).toEqual([7, 2, '02:00:45', 2]);
  own.core.looks.clear();
  await sweeps(own, 1);
  expect(await written()).toEqual([8, 3, '02:00:45', 3]);
});
