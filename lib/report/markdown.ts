import type { Comparison } from '../views/comparison.ts';
import type { ReportedRun } from './junit.ts';

const MARKS = { passed: '✅', failed: '❌', error: '⚠️', skipped: '⏭️' } as const;

/** GitHub takes no summary of a step above 1 MiB, and shows nothing of it then. */
const MOST_BYTES = 1_000_000;

/** A heading, the facts, and tables of the cases, those that did not pass first, and of the comparison. Pure. */
export function markdown({ trigger, cases, facts, comparison }: ReportedRun): string {
  const [verdict] = cases;
  const bad = cases.filter(({ outcome }) => outcome !== 'passed');
  const good = cases.filter(({ outcome }) => outcome === 'passed');
  const rows = [...bad, ...good].map(
    ({ name, outcome, message = '' }) => `| ${MARKS[outcome]} ${cell(name)} | ${cell(message)} |\n`,
  );
  return within(MOST_BYTES, [
    `## ${MARKS[verdict?.outcome ?? 'error']} ${cell(trigger)}\n\n`,
    ...facts.map(([name, value]) => `- ${name}: ${cell(value)}\n`),
    '\n| what | why |\n| --- | --- |\n',
    ...rows,
    ...(comparison ? compared(comparison) : []),
  ]);
}

function compared({ rows, runs }: Comparison): string[] {
  const before = runs.length > 1 ? `last ${runs.length} runs` : 'last run';
  return [
    `\n| | this run | expected | ${before} |\n| --- | --- | --- | --- |\n`,
    ...rows.map(
      ({ what, shown, expected = '', before: earlier = '' }) =>
        `| ${cell(what)} | ${cell(shown)} | ${cell(expected)} | ${cell(earlier)} |\n`,
    ),
  ];
}

/** The first lines that fit, and how many do not. */
function within(most: number, lines: readonly string[]): string {
  let bytes = 0;
  const fitting = lines.findIndex((line) => {
    bytes += Buffer.byteLength(line);
    return bytes > most;
  });
  if (fitting === -1) return lines.join('');
  return `${lines.slice(0, fitting).join('')}\n${lines.length - fitting} further lines do not fit.\n`;
}

/** What the API or a file says is text: it opens no table cell, link, image or tag. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|#@!&]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll('\n', '<br>');
}
