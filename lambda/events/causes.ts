import type { Firing } from '../firing/firing.ts';

/** What differs from run to run although the cause is the same: ids, times and numbers. */
const VOLATILE = /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\d[\d.,:TZ/-]*/gi;

/**
 * What went wrong with a firing, in words that are the same for each firing with which it goes wrong in this way: the
 * reasons without ids and numbers, and the scenarios of which no call passed. Pure.
 */
export function causesOf(
  { id, trigger, result, reason, attempts }: Firing,
  reasons: readonly string[],
) {
  const status = attempts.at(-1)?.status;
  const scenarios = result?.scenarios ?? [];
  const isOfScenario = (text: string) =>
    text.startsWith('Passed: ') || scenarios.some(({ name }) => text.startsWith(`${name}: `));
  const words = reasons
    .filter((text) => !isOfScenario(text))
    .map((text) => text.replaceAll(id, '').replaceAll(trigger, '').replace(VOLATILE, '#'));
  const broken = scenarios
    .filter(({ passed }) => passed === 0)
    .map(({ name }) => `no call of ${name}`);
  const refused = reason !== undefined && status !== undefined ? [`HTTP ${status}`] : [];
  return [...refused, ...words, ...broken];
}
