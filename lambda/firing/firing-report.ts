import type { Firing, SkippedBy } from './firing.ts';
import { type ReportedResult, reportedResult } from './service-event.ts';
import { summaryOf } from './states.ts';

/** The trigger function's result and the webhook's answer. */
export interface FiringReport {
  readonly firing: string;
  readonly trigger: string;
  readonly state: Firing['state'];
  /** The state in words, and what happens next. */
  readonly summary: string;
  readonly execution_id?: string;
  /** The execution's status as the API gave it at the start. */
  readonly status?: string;
  readonly total_scenarios?: number | undefined;
  readonly total_calls?: number | undefined;
  /** Scenario ids that it runs without being asked, and those that it does not run. */
  readonly selection_mismatch?: { readonly surplus: string[]; readonly missing: string[] };
  readonly result?: ReportedResult & { readonly reasons: readonly string[] };
  readonly skipped_by?: SkippedBy;
  /** Why the firing is in this state, and what to do. */
  readonly message?: string;
  readonly duplicate?: true;
}

/** The answer to who has fired. `recorded` is false where the firing was there before. */
export function reportOf(firing: Firing, recorded: boolean): FiringReport {
  const { id, trigger, state, execution, mismatch, result } = firing;
  const message = firing.reason ?? lastAnswer(firing);
  return {
    firing: id,
    trigger,
    state,
    summary: summaryOf(firing),
    ...(execution && {
      execution_id: execution.id,
      status: execution.status,
      total_scenarios: execution.totalScenarios,
      total_calls: execution.totalCalls,
    }),
    ...(mismatch && {
      selection_mismatch: { surplus: mismatch.surplus, missing: mismatch.missing },
    }),
    ...(result && { result: { ...reportedResult(result), reasons: result.reasons } }),
    ...(state === 'skipped' && firing.skippedBy && { skipped_by: firing.skippedBy }),
    ...(message !== undefined && (!execution || state === 'lost') && { message }),
    ...(!recorded && { duplicate: true }),
  };
}

/** The message of the last attempt's answer, with its HTTP status. */
function lastAnswer({ attempts }: Firing): string | undefined {
  const { message, status } = attempts.at(-1) ?? {};
  return message !== undefined && status !== undefined ? `${message} (HTTP ${status})` : message;
}
