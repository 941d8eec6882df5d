import type { Call } from '../api/calls.ts';
import type { ScenarioResult } from '../firing/firing.ts';
import type { Expectation } from '../firing/policy.ts';
import { UUID } from '../firing/selection.ts';
import { boundedText } from '../runtime/bounded-text.ts';
import { firstOf } from '../runtime/first-of.ts';
import { failsExpected, hasPassed, isOutOfCredits } from './expected.ts';
import { type Finished, inCalls } from './finished.ts';
import type { Run } from './run.ts';

/** As many as a person reads; an item of the ledger and an event must hold them. */
const MOST_SCENARIOS = 10;
const MOST_REASONS = 3;
const NAME_LENGTH = 100;

type Broken = ScenarioResult & { readonly id: string };

/** The scenarios of which a call did not pass, the worst first. Pure. */
function brokenScenarios({ calls }: Pick<Finished, 'calls'>, expect: Expectation): Broken[] {
  const byScenario = Map.groupBy(calls?.calls ?? [], ({ scenarioId }) => scenarioId);
  return [...byScenario]
    .map(([id, own]) => ({ id, ...scenarioOf(own, expect) }))
    .filter(({ passed, of }) => passed < of)
    .toSorted((a, b) => b.of - b.passed - (a.of - a.passed));
}

/** As many ids as an item of the ledger and a request should hold. */
const MOST_AGAIN = 200;

/** Ids of the broken scenarios; undefined where they are not all known, or credits and not the agent were lacking. */
export function failedScenarioIds(finished: Finished, expect: Expectation): string[] | undefined {
  const { calls, status, errorReason } = finished;
  const isUnpaid =
    isOutOfCredits(errorReason) || calls?.calls.some((call) => isOutOfCredits(call.endedReason));
  if (!calls?.isAll || status === 'cancelled' || isUnpaid) return undefined;
  const ids = brokenScenarios(finished, expect).map(({ id }) => id);
  const areKnown = ids.length > 0 && ids.length <= MOST_AGAIN && ids.every((id) => UUID.test(id));
  return areKnown ? ids.map((id) => id.toLowerCase()) : undefined;
}

/** Ten at most, so that a result fits into the item of its firing. */
export function keptScenarios(finished: Finished, expect: Expectation): ScenarioResult[] {
  return brokenScenarios(finished, expect)
    .slice(0, MOST_SCENARIOS)
    .map(({ id: _, ...kept }) => kept);
}

function scenarioOf(calls: readonly Call[], expect: Expectation): ScenarioResult {
  const endedReasons = mostFrequent(
    calls.filter(({ isCompleted }) => !isCompleted).flatMap((call) => call.endedReason ?? []),
  ).map(([reason, times]) => ({ reason, calls: times }));
  const failing = calls
    .flatMap(({ evaluations }) => evaluations)
    .filter((evaluation) => failsExpected(evaluation, expect));
  const failedEvaluations = mostFrequent(failing.map(({ name }) => name)).map(([name, times]) => ({
    name: boundedText(name, NAME_LENGTH),
    calls: times,
    reason: failing.find((one) => one.name === name && one.reason !== '')?.reason ?? '',
  }));
  const costs = calls.flatMap(({ costCents }) => costCents ?? []);
  return {
    name: boundedText(calls[0]?.scenario ?? '', NAME_LENGTH),
    passed: calls.filter((call) => hasPassed(call, expect)).length,
    of: calls.length,
    ...(endedReasons.length > 0 && { endedReasons }),
    ...(failedEvaluations.length > 0 && { failedEvaluations }),
    ...(costs.length > 0 && { costCents: sum(costs) }),
  };
}

/** What the calls cost together, in cents; undefined where the server tells it of none. */
export function costOf({ calls }: Finished): number | undefined {
  const costs = (calls?.calls ?? []).flatMap(({ costCents }) => costCents ?? []);
  return costs.length > 0 ? sum(costs) : undefined;
}

function sum(numbers: readonly number[]): number {
  return Math.round(100 * numbers.reduce((total, number) => total + number, 0)) / 100;
}

function mostFrequent(words: readonly string[]): (readonly [string, number])[] {
  return [...Map.groupBy(words, (word) => word)]
    .map(([word, same]) => [word, same.length] as const)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_REASONS);
}

/** As many scenarios as a sentence names, and as many as are explained one by one. */
const MOST_NAMED = 5;
const MOST_EXPLAINED = 3;

/** Which scenarios broke and why, a sentence each; none where the calls were not read. */
export function scenarioReasons(
  finished: Finished,
  expect: Expectation,
  before: Run | undefined,
): string[] {
  const broken = brokenScenarios(finished, expect);
  const named = broken.slice(0, MOST_NAMED);
  if (named.length === 0) return [];
  const rates = broken.map(({ name, passed, of }) => `${name} ${passed}/${of}`);
  const list = firstOf(rates, MOST_NAMED).join(', ');
  const part = finished.calls?.isAll ? '' : `, of the first ${finished.calls?.calls.length} calls`;
  return [
    `Passed: ${list}${part}${inRunBefore(named, before)}.`,
    ...broken.slice(0, MOST_EXPLAINED).flatMap(explained),
  ];
}

function inRunBefore(named: readonly Broken[], before: Run | undefined): string {
  const good = named.filter((scenario) => before && passedIn(before, scenario));
  if (good.length === 0) return '';
  if (named.length === 1) return ' (passed in the run before)';
  const all = named.length === 2 ? 'both' : 'all';
  const which = good.length === named.length ? all : good.map(({ name }) => name).join(', ');
  return ` (${which} passed in the run before)`;
}

/** Without its scenarios, only a run in which every call completed and that passed tells that each of them did. */
function passedIn({ scenarios, verdict, completed, of }: Run, { id }: Broken): boolean {
  const scenario = scenarios?.find((one) => one.id === id);
  if (scenarios) return scenario !== undefined && scenario.passed === scenario.of;
  return verdict === 'passed' && completed === of;
}

function explained({ name, endedReasons = [], failedEvaluations = [] }: ScenarioResult): string[] {
  const ended = endedReasons.map(({ reason, calls }) => `${inCalls(calls)} ended with "${reason}"`);
  const failing = failedEvaluations.map(
    ({ name: evaluation, calls, reason }) =>
      `"${evaluation}" failed ${inCalls(calls)}${reason === '' ? '' : ` (${reason})`}`,
  );
  const causes = [...ended, ...failing];
  return causes.length === 0 ? [] : [`${name}: ${causes.join('; ')}.`];
}
