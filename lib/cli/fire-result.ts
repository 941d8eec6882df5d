import * as z from 'zod';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import { STATES } from '../../lambda/firing/states.ts';
import type { Outcome } from '../local/functions/function-process.ts';
import type { Style } from './style.ts';
import { details } from './table.ts';

/** The command function's report, or what stands for it when the function failed. */
export type FireReport = Partial<FiringReport> & {
  readonly error?: string;
  /** Present where the API is the built-in stand-in. */
  readonly stand_in?: true;
};

const reportSchema = z.custom<FiringReport>(
  (value) => z.object({ state: z.string() }).safeParse(value).success,
);

/** Reads the outcome of a start by command. */
export function readFireReport(outcome: Outcome | 'throttled'): FireReport {
  if (outcome === 'throttled') return { error: THROTTLED };
  if (!outcome.ok) return { error: outcome.error.errorMessage };
  return reportSchema.parse(JSON.parse(outcome.payload));
}

const THROTTLED = 'Rate exceeded';

/** For a person. `goesOn` names what continues with a firing that is not settled. */
export function formatFireReport(report: FireReport, goesOn: string, style: Style): string {
  const { firing, state, execution_id, status, total_scenarios, total_calls, message, error } =
    report;
  const color = state === 'started' ? 'green' : 'red';
  const head = style(['bold', color], headline(report));
  const rows = {
    firing,
    state,
    execution_id,
    status,
    total_scenarios,
    total_calls,
    message,
    error,
    api: report.stand_in && 'built-in stand-in, nothing is billed',
  };
  const named = Object.entries(rows).map(
    ([name, value]) => [name.replaceAll('_', ' '), value] as const,
  );
  const open = state !== undefined && STATES[state].phase === 'pending';
  const hint = open ? [`  The ledger keeps it: ${goesOn}\n`] : [];
  return [head, '\n', details(named, style), ...hint].join('');
}

/** A function that failed may have recorded the firing. */
function headline({ state, error }: FireReport): string {
  if (state) return STATES[state].headline;
  return error === THROTTLED ? 'Not started' : STATES.unknown.headline;
}
