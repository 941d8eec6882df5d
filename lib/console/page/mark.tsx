import type { FiringRow } from '../console-data.ts';

/** Each word has a letter, so that nobody has to tell colours apart. */
const LETTERS: Readonly<Record<string, string>> = {
  passed: 'P',
  failed: 'F',
  inconclusive: 'I',
  due: 'D',
  sending: 'D',
  unknown: '?',
  started: 'R',
  lost: 'L',
  rejected: 'X',
  unresolved: '?',
  expired: 'E',
  missed: 'M',
  skipped: 'S',
};

/** Nothing ran. */
function isHollow(word: string): boolean {
  return ['missed', 'skipped', 'expired', 'rejected'].includes(word);
}

function Shape({ word, tone }: Pick<FiringRow, 'word' | 'tone'>) {
  if (word === 'missed' || word === 'expired') return <path d="M0 -7.5 L7.5 0 L0 7.5 L-7.5 0 Z" />;
  if (tone === 'good') return <circle r="7" />;
  if (tone === 'busy') return <rect x="-7" y="-7" width="14" height="14" rx="5" />;
  return <rect x="-7" y="-7" width="14" height="14" rx="1.5" />;
}

/** What became of a firing as a shape, a colour and a letter. What it says stands beside it, or is its link's label. */
export function Mark({ firing: { word, tone } }: { firing: Pick<FiringRow, 'word' | 'tone'> }) {
  return (
    <svg class="icon" width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true">
      <g class={`mark ${tone} ${isHollow(word) ? 'hollow' : ''}`}>
        <Shape word={word} tone={tone} />
        <text text-anchor="middle" dy="3.2">
          {LETTERS[word] ?? word.charAt(0).toUpperCase()}
        </text>
      </g>
    </svg>
  );
}
