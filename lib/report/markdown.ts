import type { ReportedRun } from './junit.ts';

const MARKS = { passed: '✅', failed: '❌', error: '⚠️', skipped: '⏭️' } as const;

/** A heading, the facts and a table of the cases, those that did not pass first. Pure. */
export function markdown({ trigger, cases, facts }: ReportedRun): string {
  const [verdict] = cases;
  const bad = cases.filter(({ outcome }) => outcome !== 'passed');
  const good = cases.filter(({ outcome }) => outcome === 'passed');
  const rows = [...bad, ...good].map(
    ({ name, outcome, message = '' }) => `| ${MARKS[outcome]} ${cell(name)} | ${cell(message)} |\n`,
  );
  return [
    `## ${MARKS[verdict?.outcome ?? 'error']} ${cell(trigger)}\n\n`,
    ...facts.map(([name, value]) => `- ${name}: ${cell(value)}\n`),
    `\n| what | why |\n| --- | --- |\n${rows.join('')}`,
  ].join('');
}

/** What the API or a file says is text: it opens no table cell, link, image or tag. */
function cell(text: string): string {
  return text
    .replace(/[\\`*_[\]<>|#@!&]/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replaceAll('\n', '<br>');
}
