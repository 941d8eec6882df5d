import { compare } from '../lambda/follow/compare.ts';
import type { Run } from '../lambda/follow/run.ts';

/**
 * What `noWorseThan` does with an agent of a known quality: how often a run of one that did not change is called
 * worse, and how often one that fell is. Seeded, so that it prints the same each time. Arguments: nights, seed.
 */
const NIGHTS = Number(process.argv[2] ?? 20_000);
const SEED = Number(process.argv[3] ?? 1);
const EXPECT = { noWorseThan: { runs: 10, tolerance: 0 } };

const random = randomFrom(SEED);

console.log(`${NIGHTS} nights each, seed ${SEED}`);
for (const calls of [10, 20, 50]) {
  const steady = [0.95, 0.9, 0.8].map((rate) => `${100 * rate} %: ${falseAlarms(rate, calls, 0)}`);
  console.log(`${calls} calls, steady, called worse: ${steady.join(', ')}`);
  console.log(`${calls} calls, steady at 90 %, with 3 evaluations: ${falseAlarms(0.9, calls, 3)}`);
  const falls = [0.8, 0.7, 0.5].map((rate) => `${100 * rate} %: ${found(0.9, rate, calls)}`);
  console.log(`${calls} calls, 90 % falls, called worse in the first night: ${falls.join(', ')}`);
}
console.log(
  `a slide of 5 points a night from 100 %, 20 calls: called worse at ${slide(20)} % on average`,
);

/** The share of runs of an unchanged agent that are called worse. */
function falseAlarms(rate: number, calls: number, evaluations: number): string {
  let earlier: Run[] = [];
  let worse = 0;
  for (let night = 0; night < NIGHTS; night += 1) {
    const run = runOf(rate, calls, evaluations);
    const isWorse = isCalledWorse(run, earlier);
    if (isWorse) worse += 1;
    earlier = [...earlier, { ...run, ...(isWorse && { isWorse }) }].slice(-50);
  }
  return percent(worse / NIGHTS);
}

/** The share of first nights after a fall that are called worse, each after ten nights as before. */
function found(before: number, after: number, calls: number): string {
  let worse = 0;
  for (let night = 0; night < NIGHTS; night += 1) {
    const earlier = Array.from({ length: 10 }, () => runOf(before, calls, 0));
    if (isCalledWorse(runOf(after, calls, 0), earlier)) worse += 1;
  }
  return percent(worse / NIGHTS);
}

/** The mean rate at which a slide is first called worse. */
function slide(calls: number): string {
  const slides = NIGHTS / 20;
  let sum = 0;
  for (let each = 0; each < slides; each += 1) {
    const earlier: Run[] = [];
    let rate = 1;
    while (rate > 0) {
      const run = runOf(rate, calls, 0);
      if (isCalledWorse(run, earlier)) break;
      earlier.push(run);
      rate -= 0.05;
    }
    sum += 100 * rate;
  }
  return (sum / slides).toFixed(0);
}

function isCalledWorse(run: Run, earlier: readonly Run[]): true | undefined {
  const { faults } = compare({ ...run, silent: [] }, earlier, EXPECT);
  return faults.length > 0 || undefined;
}

function runOf(rate: number, of: number, evaluations: number): Run {
  const draw = () => Array.from({ length: of }, random).filter((number) => number < rate).length;
  const completed = draw();
  return {
    firing: 'simulated',
    finishedAt: '',
    verdict: 'passed',
    completed,
    of,
    evaluations: Array.from({ length: evaluations }, (_, index) => {
      const passed = draw();
      return {
        name: `${index}`,
        scores: [
          [100, passed],
          [0, of - passed],
        ],
      };
    }),
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Mulberry32, a generator of 32 bits of state. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
