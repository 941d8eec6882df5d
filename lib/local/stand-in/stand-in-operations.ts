import { readExecute } from './stand-in-dialect.ts';
import type { StartedExecution } from './stand-in-executions.ts';
import { type Asked, jsonIn, ok, type StandInAnswer } from './stand-in-request.ts';
import {
  detail,
  evalSummary,
  idByName,
  latestStatus,
  list,
  listRunTests,
  listScenarios,
  performanceSummary,
} from './stand-in-views.ts';

type Operation = (asked: Asked) => StandInAnswer;

const RUN_TEST = '^/simulate/run-tests/([0-9a-f-]{36})';
const EXECUTION = '^/simulate/test-executions/([0-9a-f-]{36})';
const OPERATIONS: readonly (readonly [method: string, path: RegExp, operation: Operation])[] = [
  ['GET', /^\/simulate\/run-tests\/()$/, listRunTests],
  ['GET', /^\/simulate\/run-tests\/get-id-by-name\/([^/]+)\/$/, idByName],
  ['POST', new RegExp(`${RUN_TEST}/execute/$`), execute],
  ['GET', new RegExp(`${RUN_TEST}/executions/$`), ofRunTest(list)],
  ['GET', new RegExp(`${RUN_TEST}/status/$`), ofRunTest(latestStatus)],
  ['GET', new RegExp(`${RUN_TEST}/scenarios/$`), ofRunTest(listScenarios)],
  ['GET', new RegExp(`${RUN_TEST}/eval-summary/$`), ofRunTest(evalSummary)],
  ['GET', new RegExp(`${EXECUTION}/$`), ofExecution(detail)],
  ['GET', new RegExp(`${EXECUTION}/performance-summary/$`), ofExecution(performanceSummary)],
  ['POST', new RegExp(`${EXECUTION}/cancel/$`), ofExecution(cancel)],
];

/** Answers as the API documents it. */
export function answerTo(method: string, path: string, asked: Omit<Asked, 'id'>): StandInAnswer {
  const atPath = OPERATIONS.filter(([, pattern]) => pattern.test(path));
  const [found] = atPath.filter(([allowed]) => allowed === method);
  if (!found) {
    return atPath.length > 0
      ? { status: 405, body: `Method "${method}" not allowed.` }
      : { status: 404, body: 'Not found.' };
  }
  const [, pattern, operation] = found;
  return operation({ ...asked, id: pattern.exec(path)?.[1] ?? '' });
}

const NO_RUN_TEST: StandInAnswer = { status: 404, body: 'Run test not found.' };

function ofRunTest(operation: Operation): Operation {
  return (asked) => (asked.runTests.has(asked.id) ? operation(asked) : NO_RUN_TEST);
}

function ofExecution(
  operation: (execution: StartedExecution, asked: Asked) => StandInAnswer,
): Operation {
  return (asked) => {
    const execution = asked.executions.find(asked.id);
    return execution
      ? operation(execution, asked)
      : { status: 404, body: 'Test execution not found.' };
  };
}

/** The body is validated before the run test is looked up, as the public server does it. */
function execute({ id: runTestId, body, server, runTests, executions, now }: Asked): StandInAnswer {
  const parsed = readExecute(server, jsonIn(body));
  if ('refusal' in parsed) return parsed.refusal;
  const { simulatorId, selectAll, scenarioIds: ids } = parsed.execute;
  const available = runTests.get(runTestId);
  if (!available) return NO_RUN_TEST;
  // No ids: all scenarios, whatever the flag.
  const scenarios = available.filter(
    ({ id }) => ids.length === 0 || ids.includes(id) !== selectAll,
  );
  if (scenarios.length === 0) return { status: 400, body: 'No scenarios found for this test' };
  const scenarioIds = scenarios.map(({ id }) => id);
  const totalCalls = scenarios.reduce((sum, { rows }) => sum + rows, 0);
  const execution = executions.start(
    { runTestId, scenarioIds, totalCalls, ...(simulatorId && { simulatorId }) },
    now,
  );
  return ok({
    message: 'Test execution started successfully',
    execution_id: execution.id,
    run_test_id: runTestId,
    status: 'PENDING',
    total_scenarios: scenarioIds.length,
    total_calls: totalCalls,
    scenario_ids: scenarioIds,
  });
}

function cancel(execution: StartedExecution, { executions, now }: Asked): StandInAnswer {
  executions.cancel(execution, now);
  return ok({
    success: true,
    message: 'Test execution cancelled successfully',
    test_execution_id: execution.id,
  });
}
