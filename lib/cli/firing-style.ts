import type { Result } from '../../lambda/firing/firing.ts';
import { STATES, type State } from '../../lambda/firing/states.ts';
import { EXIT } from './io.ts';
import type { Style } from './style.ts';

type Verdict = Result['verdict'];

/** A firing, or a report of one. */
interface Seen {
  readonly state: State;
  readonly result?: { readonly verdict: Verdict } | undefined;
}

const COLORS = {
  good: 'green',
  busy: 'cyan',
  bad: 'red',
  quiet: 'yellow',
} as const;

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

/** A text in the colour of good or bad news. */
export function colored({ state, result }: Seen, text: string, style: Style): string {
  const tone = result ? VERDICT_TONES[result.verdict] : STATES[state].tone;
  return style(COLORS[tone], text);
}

/** What became of a firing, above all that is known of it. */
export function coloredHeadline(firing: Seen, style: Style): string {
  const headline = firing.result ? HEADLINES[firing.result.verdict] : STATES[firing.state].headline;
  return style('bold', colored(firing, headline, style));
}

/** The exit code for a firing that is over. */
export function exitCodeFor(firing: Seen): number {
  if (!STATES[firing.state].hasExecution) return EXIT.notStarted;
  return firing.result?.verdict === 'passed' ? EXIT.ok : EXIT.failed;
}
