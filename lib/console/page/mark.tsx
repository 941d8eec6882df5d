import type { DueRow } from '../console-data.ts';

/** Each word has a letter, so that nobody has to tell colours apart: mostly its first. */
const LETTERS: Readonly<Record<string, string>> = {
  sending: 'D',
  started: 'R',
  rejected: 'X',
  unknown: '?',
  unresolved: '?',
};

/** How each word looks where no firing says it, as in a sum. */
const TONES: Readonly<Record<string, DueRow['tone']>> = {
  passed: 'good',
  due: 'busy',
  sending: 'busy',
  started: 'busy',
  inconclusive: 'quiet',
  unknown: 'quiet',
  skipped: 'quiet',
};

/** Nothing ran. */
const HOLLOW = new Set(['missed', 'skipped', 'expired', 'rejected', 'nothing']);
const DIAMOND = new Set(['missed', 'expired', 'nothing']);

/** What a mark shows: its letter, and the classes that give its shape and colour. */
export function markOf({ word, tone = TONES[word] ?? 'bad' }: MarkProps) {
  const shape = DIAMOND.has(word) ? 'diamond' : tone;
  return {
    class: `mark ${tone} ${shape}${HOLLOW.has(word) ? ' hollow' : ''}`,
    letter: LETTERS[word] ?? word.charAt(0).toUpperCase(),
  };
}

interface MarkProps {
  readonly word: string;
  readonly tone?: DueRow['tone'];
}

/** What became of a firing as a shape, a colour and a letter. What it says stands beside it. */
export function Mark(props: MarkProps) {
  const { class: classes, letter } = markOf(props);
  return (
    <span class={classes} aria-hidden="true">
      {letter}
    </span>
  );
}
