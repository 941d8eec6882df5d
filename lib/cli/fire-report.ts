import { writeFileSync } from 'node:fs';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import { type Dashboard, executionPage } from '../../lambda/api/pages.ts';
import type { Firing } from '../../lambda/firing/firing.ts';
import { junit, type ReportedRun } from '../report/junit.ts';
import { markdown } from '../report/markdown.ts';
import { testCasesOf } from '../report/test-cases.ts';
import { wordOf } from '../views/firing-word.ts';

const FORMATS = {
  junit,
  markdown,
  json: (run: ReportedRun) => `${JSON.stringify(run, null, 2)}\n`,
} as const;
type Format = keyof typeof FORMATS;

/** The files of `--report`. */
export type ReportFiles = Readonly<Partial<Record<Format, string>>>;

/** Reads `junit=FILE,markdown=FILE,json=FILE`, each at most once; of a repeated option, all together. */
export function readReportFiles(text: string, before: ReportFiles = {}): ReportFiles {
  const files = new Map(Object.entries(before));
  for (const part of text.split(',')) {
    const [, format = '', file = ''] = /^(junit|markdown|json)=(.+)$/.exec(part.trim()) ?? [];
    if (file === '' || files.has(format)) {
      throw new InvalidArgumentError(
        'It must be like junit=FILE, markdown=FILE or json=FILE, with a comma between them, each once.',
      );
    }
    files.set(format, file);
  }
  return Object.fromEntries(files);
}

/** What is known at the end of the waiting. */
interface Waited {
  readonly trigger: string;
  readonly dashboard: Dashboard;
  readonly firing: Firing | undefined;
  /** Why there is no firing to be seen. */
  readonly fault?: string | undefined;
}

/** Writes each file. Throws the system's error for one that cannot be written. */
export function writeReports(files: ReportFiles, waited: Waited): void {
  const run = reportedRun(waited);
  for (const [format, write] of Object.entries(FORMATS)) {
    const file = Object.entries(files).find(([name]) => name === format)?.[1];
    if (file !== undefined) writeFileSync(file, write(run));
  }
}

function reportedRun({ trigger, dashboard, firing, fault }: Waited): ReportedRun {
  const { execution, result, runTestId } = firing ?? {};
  const { completedCalls, totalCalls, successRate } = result ?? {};
  const facts = {
    firing: firing?.id,
    result: firing && wordOf(firing),
    'execution id': execution?.id,
    calls:
      totalCalls === undefined ? undefined : `${completedCalls ?? '?'} of ${totalCalls} completed`,
    'success rate': successRate === undefined ? undefined : `${successRate} %`,
    note: result?.notes?.join(' '),
    link: executionPage(dashboard, runTestId, execution?.id),
  };
  return {
    trigger,
    cases: testCasesOf(firing, fault),
    facts: Object.entries(facts).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  };
}
