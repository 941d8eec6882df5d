import { hundredths, percentageOf } from '../api/told-number.ts';
import type { Expectation } from '../firing/policy.ts';
import { firstOf } from '../runtime/first-of.ts';
import { isLessBetter } from './expected.ts';
import { type Fault, failed, inCalls, unclear } from './finished.ts';
import { type Pair, paired, type Totals, withSameScenarios } from './pool.ts';
import type { Counts, Run } from './run.ts';
import {
  fisherFewer,
  meanOf,
  rankedLower,
  type Scores,
  type Share,
  timesOf,
} from './statistics.ts';

/** An agent that did not change is called worse in at most this share of its runs, whatever is compared. */
const SIGNIFICANCE = 0.05;

/** Without faults, nothing shows that the run is worse than those before it. */
export interface Comparison {
  readonly faults: readonly Fault[];
  /** What was compared, and what that cannot show. */
  readonly notes: readonly string[];
}

/** A run to be compared, with the names of its evaluations that have no score. */
interface Compared extends Counts {
  readonly silent: readonly string[];
}

/**
 * Compares a run with the earlier ones together, by its calls and by each evaluation. It is worse where so few
 * good calls would come by chance in less than 5 % of runs, and where it fell by more than the tolerance. Pure.
 * @param earlier oldest first.
 */
export function compare(now: Compared, earlier: readonly Run[], expect: Expectation): Comparison {
  const { runs = 0, tolerance = 0 } = expect.noWorseThan ?? {};
  const pool = earlier.filter(({ isWorse }) => !isWorse).slice(-runs);
  if (pool.length === 0) return { faults: [], notes: ['There is no earlier run to compare with.'] };
  const { mine, theirs, added: scenarios } = withSameScenarios(now, pool);
  const { pairs, added, gone } = paired(mine.evaluations, theirs.evaluations, expect);
  // A comparison of many things goes wrong more often than one, so each must be surer (Bonferroni).
  const level = SIGNIFICANCE / (1 + pairs.length);
  const before = pool.length === 1 ? 'the run before' : `the last ${pool.length} runs`;
  const limits = { level, tolerance, before };
  const calls = callsCompared(mine, theirs, limits);
  const isSilent = (name: string) => now.silent.includes(name);
  return {
    faults: [
      ...calls.faults,
      ...pairs.flatMap((pair) => evaluationCompared(pair, expect, limits)),
      ...gone
        .filter(isSilent)
        .map((name) => unclear(`"${name}" has no score in this run, so it cannot be compared.`)),
    ],
    notes: [
      ...calls.notes,
      ...notCompared('this run', [...scenarios, ...added]),
      ...notCompared(
        'earlier runs',
        gone.filter((name) => !isSilent(name)),
      ),
    ],
  };
}

interface Limits {
  readonly level: number;
  /** In points. */
  readonly tolerance: number;
  /** The earlier runs, in words. */
  readonly before: string;
}

function callsCompared(mine: Totals, theirs: Totals, limits: Limits): Comparison {
  const [now, before] = [shareOf(mine), shareOf(theirs)];
  if (now.of === 0 || before.of === 0) return { faults: [], notes: [] };
  const earlier = `${limits.before} (${before.successes} of ${before.of}, ${percent(before)} %)`;
  const chance = fisherFewer(now, before);
  const told = `${now.successes} of ${inCalls(now.of)} completed (${percent(now)} %)`;
  const fall = failed(`${told}, fewer than in ${earlier}${byChance(chance)}`);
  return {
    faults: isWorse(now, before, limits) ? [fall] : [],
    notes: [`Compared with ${earlier}: ${whatShows(now.of, before, limits)}`],
  };
}

function shareOf({ completed, of }: Totals): Share {
  return { successes: completed, of };
}

function percent({ successes, of }: Share): number {
  return percentageOf(successes, of);
}

function isWorse(now: Share, before: Share, limits: Limits): boolean {
  const isUnlikely = fisherFewer(now, before) <= limits.level;
  return isUnlikely && isFall(percent(before), percent(now), limits);
}

/** In whole hundredths: 90 to 85 is a fall of exactly 5 points. */
function isFall(before: number, now: number, { tolerance }: Limits): boolean {
  return hundredths(before) - hundredths(now) > hundredths(tolerance);
}

/** Few calls show only a large fall, and nobody is to take a pass for more than that. */
function whatShows(calls: number, before: Share, limits: Limits): string {
  // Fewer completed calls are never less of a fall, so the border is found by halving.
  let [shows, hides] = [-1, calls];
  while (hides - shows > 1) {
    const middle = Math.floor((shows + hides) / 2);
    if (isWorse({ successes: middle, of: calls }, before, limits)) shows = middle;
    else hides = middle;
  }
  return shows < 0
    ? `${inCalls(calls)} cannot show any fall.`
    : `${inCalls(calls)} can show a fall to ${shows} completed or fewer, not a smaller one.`;
}

function evaluationCompared(pair: Pair, expect: Expectation, limits: Limits): Fault[] {
  const { name, now, before } = pair;
  const isLess = isLessBetter(name, expect);
  const [ours, theirs] = isLess ? [inverted(now), inverted(before)] : [now, before];
  const isPassFail = [...now, ...before].every(([score]) => score === 0 || score === 100);
  const chance = isPassFail
    ? fisherFewer(passesIn(ours), passesIn(theirs))
    : rankedLower(ours, theirs);
  if (chance > limits.level || !isFall(meanOf(theirs), meanOf(ours), limits)) return [];
  const told = `"${name}" scored ${meanText(now)}`;
  const worse = isLess ? 'more' : 'less';
  return [
    failed(`${told}, ${worse} than in ${limits.before} (${meanText(before)})${byChance(chance)}`),
  ];
}

function inverted(scores: Scores): Scores {
  return scores.map(([score, times]) => [100 - score, times]);
}

function passesIn(scores: Scores): Share {
  return { successes: timesOf(scores.filter(([score]) => score === 100)), of: timesOf(scores) };
}

function meanText(scores: Scores): string {
  return `${hundredths(meanOf(scores)) / 100} in ${inCalls(timesOf(scores))}`;
}

function byChance(chance: number): string {
  const share = 100 * chance;
  const text = share < 0.1 ? 'less than 0.1' : share.toFixed(1);
  return `; by chance that happens in ${text} % of runs.`;
}

const MOST_LISTED = 5;

function notCompared(where: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const listed = names.map((name) => `"${name}"`);
  return [`Only in ${where}, so not compared: ${firstOf(listed, MOST_LISTED).join(', ')}.`];
}
