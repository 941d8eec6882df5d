import { type Execution, storable } from '../firing/firing.ts';
import { log } from '../runtime/log.ts';

/** Logs an execution that is a firing's own, by its answer or adopted. */
export function logStarted(
  event: 'execution_started' | 'execution_adopted',
  execution: Execution,
  fields: object,
): void {
  const { id, status, totalScenarios, totalCalls, scenarioIds } = storable(execution);
  log(event, {
    ...fields,
    execution_id: id,
    status,
    total_scenarios: totalScenarios,
    total_calls: totalCalls,
    scenario_ids: scenarioIds,
  });
}
