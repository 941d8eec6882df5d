import { EXIT } from './io.ts';
import type { Style } from './style.ts';

/** A firing, or what is told of one. */
interface Seen {
  readonly state: string;
  readonly result?: { readonly verdict: string } | undefined;
}

const COLORS = {
  good: 'green',
  busy: 'cyan',
  bad: 'red',
  quiet: 'yellow',
} as const;

/** What became of a firing in one word: the verdict where there is one, else the state. */
function wordFor({ state, result }: Seen): string {
  return result?.verdict ?? state;
}

/** The same, in the colour of good or bad news. */
export function coloredWord(firing: Seen, style: Style): string {
  const word = wordFor(firing);
  return style(COLORS[moodOf(word)], word);
}

function moodOf(word: string): keyof typeof COLORS {
  if (word === 'passed' || word === 'completed') return 'good';
  if (['due', 'sending', 'started'].includes(word)) return 'busy';
  return ['skipped', 'cancelled', 'unknown', 'inconclusive'].includes(word) ? 'quiet' : 'bad';
}

const NOT_STARTED = ['rejected', 'expired', 'skipped', 'unresolved'];

/** The exit code for a firing that is over. */
export function exitCodeFor(firing: Seen): number {
  if (NOT_STARTED.includes(firing.state)) return EXIT.notStarted;
  return firing.result?.verdict === 'passed' ? EXIT.ok : EXIT.failed;
}
