import type { ReportedRun } from './junit.ts';

/** Names of a step's outputs, and the facts that they tell. */
const OUTPUTS = {
  firing: 'firing',
  'execution-id': 'execution id',
  verdict: 'result',
  'success-rate': 'success rate',
  link: 'link',
} as const;

/** The outputs of a step, a line each, as GITHUB_OUTPUT and GITHUB_STATE take them. Pure. */
export function githubOutputs(facts: ReportedRun['facts']): string {
  const told = new Map(facts);
  return Object.entries(OUTPUTS)
    .flatMap(([name, fact]) => {
      const value = told.get(fact)?.replace(/ %$/, '');
      return value === undefined ? [] : [`${name}=${value.replaceAll(/[\r\n]/g, ' ')}\n`];
    })
    .join('');
}

/** The one annotation of a run that did not pass, first the verdict's reasons; nothing for one that passed. Pure. */
export function githubAnnotation({ trigger, cases: [verdict] }: ReportedRun): string {
  if (!verdict || verdict.outcome === 'passed') return '';
  const level = verdict.outcome === 'skipped' ? 'warning' : 'error';
  return workflowCommand(level, trigger, verdict.message ?? '');
}

/** GitHub's documentation, "Workflow commands". Pure. */
export function workflowCommand(level: 'error' | 'warning', title: string, text: string): string {
  const property = data(title).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property}::${data(text)}\n`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
