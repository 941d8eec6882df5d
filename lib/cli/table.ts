import { stripVTControlCharacters } from 'node:util';
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

/** `name  value` lines, the names dim. Rows without a value are left out. */
export function details(
  rows: readonly (readonly [name: string, value: string | number | undefined])[],
  style: Style,
): string {
  const present = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [[`  ${style('dim', name)}`, String(value)]],
  );
  return aligned(present);
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

/** The text, cut with an ellipsis where it is longer than `width`. */
export function cut(text: string, width: number): string {
  const [line = ''] = stripVTControlCharacters(text).split('\n');
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
}
