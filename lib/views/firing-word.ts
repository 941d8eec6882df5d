import type { Result } from '../../lambda/firing/firing.ts';
import { STATES, type State } from '../../lambda/firing/states.ts';

type Verdict = Result['verdict'];

type Tone = 'good' | 'busy' | 'bad' | 'quiet';

/** Firings and what indexes and answers tell of them. */
export interface Seen {
  readonly state: State;
  readonly result?: { readonly verdict: Verdict } | undefined;
}

const VERDICT_TONES = { passed: 'good', failed: 'bad', inconclusive: 'quiet' } as const;
const HEADLINES = {
  passed: 'Passed',
  failed: 'Failed',
  inconclusive: 'Ended without a verdict',
} as const;
const ENDED = new Set(['completed', 'failed', 'cancelled']);

/** What became of a firing in one word: the verdict where there is one, else the state. */
export function wordOf({ state, result }: Seen): string {
  return result?.verdict ?? state;
}

/** Every word that `wordOf` gives: what has come to its end has a verdict. */
export const WORDS: readonly string[] = [
  ...Object.keys(VERDICT_TONES),
  ...Object.keys(STATES).filter((state) => !ENDED.has(state)),
];

/** Good or bad news, for colours: by the verdict or, without one, by the state. */
export function toneOf({ state, result }: Seen): Tone {
  return result ? VERDICT_TONES[result.verdict] : STATES[state].tone;
}

/** By the verdict or, without one, by the state. For people: it may be reworded. */
export function headlineOf({ state, result }: Seen): string {
  return result ? HEADLINES[result.verdict] : STATES[state].headline;
}
