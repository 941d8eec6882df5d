import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import { STATES } from '../../lambda/firing/states.ts';
import { wordOf } from '../views/firing-word.ts';
import type { ReportedRun } from './junit.ts';
import { verdictCase } from './test-cases.ts';

/** What an answer of the service tells of a run: it knows neither what is expected nor the earlier runs. Pure. */
export function runOfReport(report: FiringReport): ReportedRun {
  const { trigger, state, message, result } = report;
  const isOver = isOverIn(report);
  const seconds = result?.duration_seconds;
  const cases = [verdictCase({ state, reason: message, isOver, seconds, result })];
  const evaluations = (result?.evaluations ?? []).map(
    ({ name, score }) => [`evaluation ${name}`, String(score ?? 'no score')] as const,
  );
  return { trigger, cases, facts: [...factsOf(report), ...evaluations] };
}

/** Whether nothing more happens to it. One that is not followed stays `started`. */
export function isOverIn({ state, result }: FiringReport): boolean {
  return result !== undefined || STATES[state].phase === 'final';
}

/** The first lines of a report. Pure. @param more what only the ledger tells. */
export function factsOf(
  report: FiringReport,
  more: { readonly note?: string | undefined; readonly link?: string | undefined } = {},
): ReportedRun['facts'] {
  const {
    completed_calls: completed = '?',
    total_calls: total,
    success_rate,
  } = report.result ?? {};
  const facts = {
    firing: report.firing,
    result: wordOf(report),
    'execution id': report.execution_id,
    calls: total === undefined ? undefined : `${completed} of ${total} completed`,
    'success rate': success_rate === undefined ? undefined : `${success_rate} %`,
    ...more,
  };
  return Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
}
