import type * as z from 'zod/mini';
import type { Firing } from './firing.ts';
import { reportedResult } from './reported-result.ts';
import type { reportedResultSchema } from './service-event.ts';

/** The trigger function's result and the webhook's answer. */
export interface FiringReport {
  readonly firing: string;
  readonly trigger: string;
  readonly state: Firing['state'];
  readonly execution_id?: string;
  /** The execution's status as the API gave it at the start. */
  readonly status?: string;
  readonly total_scenarios?: number;
  readonly total_calls?: number;
  /** Scenario ids that it runs without being asked, and those that it does not run. */
  readonly selection_mismatch?: { readonly surplus: string[]; readonly missing: string[] };
  /** What became of the execution, judged by what the trigger expects. */
  readonly result?: z.infer<typeof reportedResultSchema> & { readonly reasons: readonly string[] };
  /** Why the firing is in this state, and what to do. */
  readonly message?: string;
  readonly duplicate?: true;
}

export function reportOf(firing: Firing, recorded: boolean): FiringReport {
  const { execution, result, state } = firing;
  const message = firing.reason ?? lastAnswer(firing);
  return {
    firing: firing.id,
    trigger: firing.trigger,
    state,
    ...(execution && { execution_id: execution.id, status: execution.status }),
    ...(execution?.totalScenarios !== undefined && { total_scenarios: execution.totalScenarios }),
    ...(execution?.totalCalls !== undefined && { total_calls: execution.totalCalls }),
    ...(firing.mismatch && {
      selection_mismatch: { surplus: firing.mismatch.surplus, missing: firing.mismatch.missing },
    }),
    ...(result && { result: { ...reportedResult(result), reasons: result.reasons } }),
    ...(message !== undefined && (!execution || state === 'lost') && { message }),
    ...(!recorded && { duplicate: true }),
  };
}

/** The last attempt's own words, with the status where there was an answer. */
function lastAnswer({ attempts }: Firing): string | undefined {
  const { message, status } = attempts.at(-1) ?? {};
  return message !== undefined && status !== undefined ? `${message} (HTTP ${status})` : message;
}
