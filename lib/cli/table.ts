import Table from 'cli-table3';
import type { Style } from './style.ts';

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** Aligned columns under dim headings, without lines; each row ends with a newline. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const head = headings.map((heading) => style('dim', heading));
  return `${aligned(rows.length === 0 ? [] : [head, ...rows])}`;
}

/** `name  value` lines, the names dim, long values on several lines. Rows without a value are left out. */
export function details(
  rows: readonly (readonly [name: string, value: string | number | undefined])[],
  style: Style,
  width = DEFAULT_WIDTH,
): string {
  const present = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: oneLine(String(value)) }],
  );
  const indent = 4 + Math.max(...present.map(({ name }) => name.length));
  const lines = present.map(({ name, value }) => {
    const label = `  ${style('dim', name)}${' '.repeat(indent - 2 - name.length)}`;
    return `${label}${wrapped(value, width - indent).join(`\n${' '.repeat(indent)}`)}\n`;
  });
  return lines.join('');
}

/** Names and messages of others, without what would break a line or steer the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** A terminal's usual width; also for pipes, so that a transcript looks like the terminal. */
const DEFAULT_WIDTH = 80;

/** Lines of at most `width`, broken at spaces; a longer word stays whole. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function aligned(rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const table = new Table({
    chars: NO_LINES,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
