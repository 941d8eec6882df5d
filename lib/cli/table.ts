import { stripVTControlCharacters } from 'node:util';
import type { Style } from './style.ts';
import { oneLine } from './text.ts';

/** Aligned columns under dim headings, without lines; each row ends with a newline, and then comes what is under it. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  style: Style,
  under: readonly string[] = [],
): string {
  if (rows.length === 0) return '';
  const lines = [
    headings.map((heading) => style('dim', heading)),
    ...rows.map((cells) => cells.map(oneLine)),
  ];
  const widths = headings.map((_, column) =>
    Math.max(...lines.map((line) => lengthOf(line[column]))),
  );
  const padded = lines.map((line) =>
    line.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - lengthOf(cell))),
  );
  return padded
    .map((line, index) => `${line.join('  ').trimEnd()}\n${under[index - 1] ?? ''}`)
    .join('');
}

/** `name  value` lines, the names dim, long values on several lines. Rows without a value are left out. */
export function details(
  rows: readonly (readonly [name: string, value: string | number | undefined])[],
  style: Style,
  width = DEFAULT_WIDTH,
): string {
  const present = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: oneLine(name), value: oneLine(String(value)) }],
  );
  const indent = 4 + Math.max(...present.map(({ name }) => name.length));
  const lines = present.map(({ name, value }) => {
    const label = `  ${style('dim', name)}${' '.repeat(indent - 2 - name.length)}`;
    return `${label}${wrapped(value, width - indent).join(`\n${' '.repeat(indent)}`)}\n`;
  });
  return lines.join('');
}

/** A terminal's usual width; also for pipes, so that a transcript looks like the terminal. */
const DEFAULT_WIDTH = 80;

/** In columns of a terminal; 80 where the output is not one. */
export function widthOf({ columns = DEFAULT_WIDTH }: { readonly columns?: number }): number {
  return columns;
}

/** Lines of at most `width`, broken at spaces, each but the first behind `indent`; a longer word stays whole. */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (lengthOf(last) + 1 + lengthOf(word) > width) lines.push(indent + word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function lengthOf(cell = ''): number {
  return stripVTControlCharacters(cell).length;
}
