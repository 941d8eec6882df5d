import { STATES } from '../../lambda/firing/states.ts';
import { headlineOf, type Seen, toneOf } from '../views/firing-word.ts';
import { EXIT } from './io.ts';
import type { Style } from './style.ts';

const COLORS = {
  good: 'green',
  busy: 'cyan',
  bad: 'red',
  quiet: 'yellow',
} as const;

/** A text in the colour of good or bad news. */
export function colored(firing: Seen, text: string, style: Style): string {
  return style(COLORS[toneOf(firing)], text);
}

/** What became of a firing, above all that is known of it. */
export function coloredHeadline(firing: Seen, style: Style): string {
  return style('bold', colored(firing, headlineOf(firing), style));
}

/** 3 without an execution, 0 with the verdict `passed`, 1 with another verdict or none yet. */
export function exitCodeFor(firing: Seen): number {
  if (!STATES[firing.state].hasExecution) return EXIT.notStarted;
  return firing.result?.verdict === 'passed' ? EXIT.ok : EXIT.failed;
}
