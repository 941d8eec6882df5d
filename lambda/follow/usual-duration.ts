import type { Ledger } from '../ledger/ledger.ts';

const MOST_RUNS = 5;
/** Older firings say little, and reading them costs more than knowing saves. */
const MOST_FIRINGS = 50;

/**
 * The median of the last runs of a trigger in seconds; undefined where none of its newest firings has told it. Runs that
 * only tried again what had failed do not count.
 */
export async function usualDuration(
  trigger: string,
  ledger: Pick<Ledger, 'ofTrigger'>,
): Promise<number | undefined> {
  const durations: number[] = [];
  let firings = 0;
  for await (const { result, cause } of ledger.ofTrigger(trigger)) {
    firings += 1;
    if (cause.kind !== 'again' && result?.durationSeconds !== undefined) {
      durations.push(result.durationSeconds);
    }
    if (durations.length === MOST_RUNS || firings === MOST_FIRINGS) break;
  }
  return durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)];
}
