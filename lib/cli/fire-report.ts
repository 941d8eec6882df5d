import { writeFileSync } from 'node:fs';
import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Firing } from '../../lambda/firing/firing.ts';
import { reportOf } from '../../lambda/firing/firing-report.ts';
import { junit, type ReportedRun } from '../report/junit.ts';
import { markdown } from '../report/markdown.ts';
import { factsOf } from '../report/run-of-report.ts';
import { testCasesOf } from '../report/test-cases.ts';
import type { Comparison } from '../views/comparison.ts';
import { type Dashboard, executionLink } from '../views/execution-link.ts';

const FORMATS = {
  junit,
  markdown,
  json: (run: ReportedRun) => `${JSON.stringify(run, null, 2)}\n`,
} as const;

/** The files of `--report`; `github` where a step of GitHub Actions is told. */
type Reports = Readonly<Partial<Record<keyof typeof FORMATS | 'github', string>>>;

const REPORT = /^(?:(junit|markdown|json)=(.+)|(github))$/;

/** Reads `junit=FILE,markdown=FILE,json=FILE,github`, each at most once; of a repeated option, all together. */
export function readReports(text: string, before: Reports = {}): Reports {
  const reports = new Map(Object.entries(before));
  for (const part of text.split(',')) {
    const [, format, file = '', github = ''] = REPORT.exec(part.trim()) ?? [];
    const name = format ?? github;
    if (name === '' || reports.has(name)) {
      throw new InvalidArgumentError(
        'It must be like junit=FILE, markdown=FILE, json=FILE or github, with a comma between them, each once.',
      );
    }
    reports.set(name, file);
  }
  return Object.fromEntries(reports);
}

interface Waited {
  readonly trigger: string;
  readonly dashboard: Dashboard;
  readonly firing: Firing | undefined;
  readonly fault?: string | undefined;
  readonly comparison?: Comparison | undefined;
}

/** Writes each file. Throws the system's error for one that cannot be written. */
export function writeReports(files: Reports, run: ReportedRun): void {
  for (const [format, write] of Object.entries(FORMATS)) {
    const file = Object.entries(files).find(([name]) => name === format)?.[1];
    if (file !== undefined) writeFileSync(file, write(run));
  }
}

/** Without a firing it has one case, an error with `fault` as its message. Pure. */
export function reportedRun({ trigger, firing, fault, ...known }: Waited): ReportedRun {
  const { dashboard, comparison } = known;
  return {
    trigger,
    cases: testCasesOf(firing, fault),
    facts: firing ? firingFactsOf(firing, dashboard) : [],
    ...(comparison && { comparison }),
  };
}

/** What the first lines of a report tell of a firing, also while it is not over. */
export function firingFactsOf(firing: Firing, dashboard: Dashboard): ReportedRun['facts'] {
  const note = firing.result?.notes?.join(' ');
  return factsOf(reportOf(firing, true), { note, link: executionLink(dashboard, firing) });
}
