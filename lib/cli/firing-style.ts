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

/** What became of a firing in one word, in the colour of good or bad news: the verdict where there is one. */
export function coloredWord({ state, result }: Seen, style: Style): string {
  return result
    ? style(COLORS[VERDICT_TONES[result.verdict]], result.verdict)
    : style(COLORS[STATES[state].tone], state);
}

/** The exit code for a firing that is over. */
export function exitCodeFor(firing: Seen): number {
  if (!STATES[firing.state].hasExecution) return EXIT.notStarted;
  return firing.result?.verdict === 'passed' ? EXIT.ok : EXIT.failed;
}
