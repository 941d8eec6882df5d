import type { Ledger } from '../../lambda/ledger/ledger.ts';

const MOST_RUNS = 5;

/** The median of the last runs of a trigger in seconds; undefined where none has told it. */
export async function usualDuration(
  trigger: string,
  ledger: Pick<Ledger, 'ofTrigger'>,
): Promise<number | undefined> {
  const durations: number[] = [];
  for await (const { result } of ledger.ofTrigger(trigger)) {
    if (result?.durationSeconds !== undefined) durations.push(result.durationSeconds);
    if (durations.length === MOST_RUNS) break;
  }
  return durations.toSorted((a, b) => a - b)[Math.floor(durations.length / 2)];
}
