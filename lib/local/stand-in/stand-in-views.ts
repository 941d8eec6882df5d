import { callsOf, EVALUATION } from './stand-in-calls.ts';
import type { Progress, StartedExecution } from './stand-in-executions.ts';
import { type Asked, ok, type StandInAnswer } from './stand-in-request.ts';

/** A page of the run test's executions, newest first. */
export function list(asked: Asked): StandInAnswer {
  const executions = asked.executions.of(asked.id);
  return page(
    executions.map((execution) => summary(execution, asked)),
    asked.query,
  );
}

function summary(execution: StartedExecution, { executions, now }: Asked): object {
  const progress = executions.progress(execution, now);
  const { completedAt } = progress;
  return {
    id: execution.id,
    run_test: execution.runTestId,
    ...standing(execution, progress),
    started_at: execution.startedAt,
    completed_at: completedAt?.toISOString() ?? null,
    duration_seconds: completedAt
      ? (completedAt.getTime() - Date.parse(execution.startedAt)) / 1000
      : null,
    scenario_ids: execution.scenarioIds,
    created_at: execution.startedAt,
  };
}

/** Of the newest execution of a run test; without any it is HTTP 200 as well, with `not_found`. */
export function latestStatus({ id, executions, now }: Asked): StandInAnswer {
  const [latest] = executions.of(id);
  if (!latest) return ok({ run_test_id: id, status: 'not_found' });
  const progress = executions.progress(latest, now);
  return ok({
    run_test_id: id,
    execution_id: latest.id,
    ...standing(latest, progress),
    start_time: latest.startedAt,
    end_time: progress.completedAt?.toISOString() ?? null,
    message: `Test execution is ${progress.status.toLowerCase()}`,
  });
}

/** A page of the run test's scenarios. */
export function listScenarios({ id: runTestId, query, runTests }: Asked): StandInAnswer {
  const scenarios = runTests.get(runTestId) ?? [];
  return page(
    scenarios.map(({ id, name, rows }) => ({ id, name, row_count: rows })),
    query,
  );
}

/** A page of the run tests whose name contains the search words. */
export function listRunTests({ query, namedRunTests }: Asked): StandInAnswer {
  const search = query.get('search')?.toLowerCase() ?? '';
  return page(
    namedRunTests.filter(({ name }) => name.toLowerCase().includes(search)),
    query,
  );
}

/** The id of a run test of this name; the API answers 400 where there is none. */
export function idByName({ id: name, namedRunTests }: Asked): StandInAnswer {
  const wanted = decodeURIComponent(name);
  const found = namedRunTests.find((runTest) => runTest.name === wanted);
  if (!found) return { status: 400, body: 'Run test not found.' };
  return ok({ status: true, result: { run_test_id: found.id, run_test_name: found.name } });
}

/** One evaluation, of the execution asked for or else of the latest. */
export function evalSummary({ id, query, executions, server, now }: Asked): StandInAnswer {
  const wanted = query.get('execution_id');
  const execution = executions.of(id).find((one) => wanted === null || one.id === wanted);
  if (!execution) return { status: 404, body: 'Test execution not found.' };
  const progress = executions.progress(execution, now);
  return ok(server === 'documented' ? documented(progress) : current(progress));
}

/** A call that failed fails its evaluation. */
function documented({ completedCalls, failedCalls }: Progress): object {
  const total = completedCalls + failedCalls;
  const evaluation = {
    name: EVALUATION.name,
    average_score: total === 0 ? 0 : completedCalls / total,
    total_runs: total,
    passed: completedCalls,
    failed: failedCalls,
  };
  return { evaluations: [evaluation] };
}

/**
 * The public server groups evaluations by their template, scores only calls that completed, and says 0 where there
 * is no output.
 */
function current({ completedCalls: passed }: Progress): object {
  const { name, id, template } = EVALUATION;
  const rate = passed === 0 ? 0 : 100;
  const output = { pass: rate, fail: 0, pass_count: passed, fail_count: 0 };
  const inner = { name, id, total_cells: passed, output: passed === 0 ? {} : output };
  return {
    status: true,
    result: [{ ...template, output_type: 'Pass/Fail', total_pass_rate: rate, result: [inner] }],
  };
}

/** One execution: as the documented list shows it where the server is that one, with its calls where a page is asked for. */
export function detail(execution: StartedExecution, asked: Asked): StandInAnswer {
  const isDocumented = asked.server === 'documented';
  const head = isDocumented ? summary(execution, asked) : {};
  if (isDocumented && !asked.query.has('page')) return ok(head);
  const calls = page(callsOf(execution, asked), asked.query);
  if (typeof calls.body === 'string') return calls;
  const { status } = asked.executions.progress(execution, asked.now);
  return ok({ ...head, ...calls.body, status });
}

/** How many calls of one execution completed, in percent. */
export function performanceSummary(
  execution: StartedExecution,
  { executions, now }: Asked,
): StandInAnswer {
  const { completedCalls, failedCalls } = executions.progress(execution, now);
  const percent = (part: number) =>
    execution.totalCalls === 0 ? 0 : Math.round((1000 * part) / execution.totalCalls) / 10;
  const metrics = {
    pass_rate: percent(completedCalls),
    total_test_runs: execution.totalCalls,
    latest_fail_rate: percent(failedCalls),
  };
  return ok({ test_run_performance_metrics: metrics, top_performing_scenarios: [] });
}

function standing(
  { scenarioIds, totalCalls }: StartedExecution,
  { status, completedCalls, failedCalls }: Progress,
): object {
  const finished = completedCalls + failedCalls;
  return {
    status,
    total_scenarios: scenarioIds.length,
    total_calls: totalCalls,
    completed_calls: completedCalls,
    failed_calls: failedCalls,
    /** Of the finished calls, 0 to 100. */
    success_rate: finished === 0 ? 0 : (100 * completedCalls) / finished,
  };
}

function page(items: readonly object[], query: URLSearchParams): StandInAnswer {
  const limit = Number(query.get('limit') ?? 10);
  const current = Number(query.get('page') ?? 1);
  const pages = Math.max(1, Math.ceil(items.length / limit));
  if (!(limit >= 1 && current >= 1 && current <= pages)) {
    return { status: 404, body: 'Invalid page.' };
  }
  return ok({
    count: items.length,
    next: null,
    previous: null,
    results: items.slice((current - 1) * limit, current * limit),
    total_pages: pages,
    current_page: current,
  });
}
