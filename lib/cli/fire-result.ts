import * as z from 'zod';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import { STATES } from '../../lambda/firing/states.ts';
import type { Outcome } from '../local/functions/function-process.ts';
import type { Style } from './style.ts';
import { details } from './table.ts';

/** The trigger function's report, or what stands for it when the function failed. */
export interface FireResult {
  readonly started: boolean;
  readonly report: Partial<FiringReport> & { readonly error?: string };
}

const reportSchema = z.custom<FiringReport>(
  (value) => z.object({ state: z.string() }).safeParse(value).success,
);

/** Reads the outcome of a manual request. */
export function readFireResult(outcome: Outcome | 'throttled'): FireResult {
  if (outcome === 'throttled') return { started: false, report: { error: 'Rate exceeded' } };
  if (!outcome.ok) return { started: false, report: { error: outcome.error.errorMessage } };
  const report = reportSchema.parse(JSON.parse(outcome.payload));
  return { started: report.state === 'started', report };
}

/** For a person. `goesOn` names what continues with a firing that is not settled. */
export function formatFireResult(
  { started, report }: FireResult,
  goesOn: string,
  style: Style,
): string {
  const head = started
    ? style(['bold', 'green'], 'Started')
    : style(['bold', 'red'], 'Not started');
  const { firing, state, execution_id, status, total_scenarios, total_calls, message, error } =
    report;
  const rows = {
    firing,
    state,
    execution_id,
    status,
    total_scenarios,
    total_calls,
    message,
    error,
  };
  const named = Object.entries(rows).map(
    ([name, value]) => [name.replaceAll('_', ' '), value] as const,
  );
  const open = state !== undefined && STATES[state].phase === 'pending';
  const hint = open ? [`  The ledger keeps it: ${goesOn}\n`] : [];
  return [head, '\n', details(named, style), ...hint].join('');
}
