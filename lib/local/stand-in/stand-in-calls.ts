import type { StartedExecution } from './stand-in-executions.ts';
import type { Asked } from './stand-in-request.ts';
import { uuidFrom } from './stand-in-scenarios.ts';

/** The one evaluation of the stand-in, as the dashboard shows it, and the template that it is made from. */
export const EVALUATION = {
  name: 'Task completion',
  id: '6f1e0f3c-1d0b-4c49-9d7e-3a0c52d3a001',
  template: { name: 'task_completion', id: '6f1e0f3c-1d0b-4c49-9d7e-3a0c52d3a002' },
};

/** The calls of an execution that are over, in the shape of the public server. */
export function callsOf(execution: StartedExecution, state: Asked): object[] {
  const { completedCalls, failedCalls } = state.executions.progress(execution, state.now);
  const rows = rowsOf(execution, state);
  return rows.slice(0, completedCalls + failedCalls).map(({ id, name }, index) => {
    const isFailed = state.executions.failed(execution, index);
    return {
      id: uuidFrom(`${execution.id}/${index}`),
      test_execution_id: execution.id,
      scenario: name,
      scenario_id: id,
      status: isFailed ? 'failed' : 'completed',
      ended_reason: isFailed ? 'silence-timed-out' : 'customer-ended-call',
      duration_seconds: isFailed ? 30 : 95,
      cost_cents: isFailed ? 4 : 12,
      customer_cost_cents: null,
      is_snapshot: false,
      eval_outputs: isFailed ? {} : { [EVALUATION.id]: PASSED },
    };
  });
}

const PASSED = {
  name: EVALUATION.name,
  value: 'Passed',
  type: 'Pass/Fail',
  reason: 'The caller got what they asked for.',
  error: false,
  skipped: false,
  status: 'completed',
};

/** A call for each row, scenario by scenario. */
function rowsOf({ runTestId, scenarioIds }: StartedExecution, { runTests }: Asked) {
  const scenarios = runTests.get(runTestId) ?? [];
  return scenarios
    .filter(({ id }) => scenarioIds.includes(id))
    .flatMap((scenario) => Array.from({ length: scenario.rows }, () => scenario));
}
