import { Command, Option } from '@commander-js/extra-typings';
import type { Firing } from '../../lambda/firing/firing.ts';
import type { FiringReport } from '../../lambda/firing/firing-report.ts';
import { firingId } from '../../lambda/firing/new-firing.ts';
import { UUID } from '../../lambda/firing/selection.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import { readReference } from '../../lambda/follow/reference.ts';
import { InputError } from '../input-error.ts';
import { factsOf, runOfReport } from '../report/run-of-report.ts';
import { newRequestId } from '../request-id.ts';
import { isUnreachable } from '../target/aws-fault.ts';
import { fire, sendCommand } from '../target/invoke.ts';
import { ledgerOf } from '../target/ledger.ts';
import type { Target } from '../target/target.ts';
import { type Comparison, comparisonOf } from '../views/comparison.ts';
import { shortId } from '../views/firing-reference.ts';
import { openService } from './connect.ts';
import { formatDryRun } from './dry-run.ts';
import { firingFactsOf, readReports, reportedRun, writeReports } from './fire-report.ts';
import { exitCodeOf, type FireReport, formatFireReport } from './fire-result.ts';
import { type GithubStep, githubStep } from './github-step.ts';
import { EXIT } from './io.ts';
import { matching, readSpan } from './option-values.ts';
import { answer, type Session } from './program.ts';
import { withSpinner } from './progress.ts';
import { orFault } from './service-fault.ts';
import { waitFor } from './wait.ts';

const EXAMPLES = `
Examples:
  rtt fire nightly-regression
  rtt fire nightly-regression --dry-run
  rtt fire nightly-regression --wait --timeout 1h
  rtt fire nightly-regression --wait --report junit=rtt.xml,markdown=rtt.md
  rtt fire nightly-regression --scenario "Happy path" --scenario "Noisy line"

Exit codes: 0 started (with --wait: passed), 1 failed, 2 bad input,
            3 not started, or in doubt, 4 timed out; it goes on,
            5 the service does not answer; what has started goes on
`;

/**
 * Calls the command function of a local run or a stack. With `--id`, what an earlier call with it started and is still
 * open, or in doubt, is not started again. `--json` prints its report, with `--wait` the firing as the ledger has it,
 * with `--dry-run` what would be sent.
 */
export function command(session: Session) {
  return new Command('fire')
    .description('Starts a trigger now. Its policies apply as to any other firing.')
    .argument('<trigger>', 'the trigger')
    .option('-n, --dry-run', 'show what would be sent and send nothing')
    .option('-w, --wait', 'wait for the verdict and end with it')
    .addOption(
      new Option('--timeout <time>', 'wait no longer, as 90s, 30m or 2h')
        .argParser(readSpan)
        .default(DEFAULT_TIMEOUT_MS, '6h'),
    )
    .option(
      '--report <files>',
      'with --wait: write junit=FILE, markdown=FILE or json=FILE; github: tell the step',
      readReports,
    )
    .option('-s, --scenario <name>', 'run only this one, by id or name; repeatable', collect)
    .option(
      '--id <id>',
      'of a CI job: repeated, it waits for what it started before',
      matching(/^[\w.-]{1,64}$/, 'It must be 1-64 letters, digits, dots, dashes and underscores.'),
    )
    .option('--even-if-paused', 'start although the trigger, or every trigger, is paused')
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, options) => {
      const { github, ...files } = options.report ?? {};
      if (Object.keys(files).length > 0 && !options.wait) {
        throw new InputError('A report tells the verdict: add --wait, or leave out --report');
      }
      const step = github === undefined ? undefined : githubStep(session.io);
      const { target, config, named } = await openService(session);
      named(trigger);
      if (options.wait && !config.triggers[trigger]?.follow) {
        throw new InputError(
          `${trigger} has follow: false, so its executions get no verdict: fire it without --wait`,
        );
      }
      const request = requestOf(trigger, options.scenario, options.evenIfPaused);
      if (options.dryRun) return showDryRun(request, target, session);
      // A job's report tells of a refused start as well.
      if (!options.report) await checkScenarios(request, config.triggers[trigger], target);
      const report = await start(request, options, target, session);
      if (!options.wait) return step && tellStart(step, report, session);
      const { firing: id, error: fault } = report;
      const seen = (firing: Firing) => step?.seen(firingFactsOf(firing, config));
      const awaited = id && { id, trigger, dashboard: config, timeoutMs: options.timeout, seen };
      const firing = awaited ? await waitFor(awaited, target, session) : undefined;
      if (!options.report) return;
      const comparison =
        firing && (await orFault(compared(firing, target), () => undefined, session));
      const run = reportedRun({ trigger, dashboard: config, firing, fault, comparison });
      writeReports(files, run);
      step?.over(run);
    });
}

const DEFAULT_TIMEOUT_MS = 6 * 3_600_000;

/** For a job that does not wait. */
function tellStart(step: GithubStep, report: FireReport, { io }: Session): void {
  if (!isRecorded(report)) return;
  if (io.exitCode === EXIT.ok) step.seen(factsOf(report));
  else step.over(runOfReport(report));
}

function isRecorded(report: FireReport): report is FireReport & FiringReport {
  return report.state !== undefined;
}

/** A failed comparison does not fail the command: the caller may not be allowed to read the ledger. */
async function compared(firing: Firing, target: Target): Promise<Comparison | undefined> {
  return comparisonOf(firing, await readReference(firing, ledgerOf(target)));
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

async function showDryRun(request: Request, target: Target, session: Session) {
  const looked = sendCommand(target, { command: 'dry-run', ...request });
  const dryRun = await withSpinner(session.io, 'Looking', looked);
  const starts = dryRun.kind === 'ready' && dryRun.admission.kind === 'admitted';
  session.io.exitCode = starts ? EXIT.ok : EXIT.notStarted;
  answer(session, dryRun, (style) => formatDryRun(dryRun, style));
}

/** A misspelt scenario is refused before anything is recorded: no retry could help. Other faults are recorded. */
async function checkScenarios(
  { trigger, execute }: Request,
  deployed: Pick<Trigger, 'runTest' | 'runTestId'> | undefined,
  target: Target,
): Promise<void> {
  if (!execute) return;
  const dryRun = await sendCommand(target, { command: 'dry-run', trigger, execute });
  const notFired = `${trigger} (run test ${deployed?.runTestId ?? deployed?.runTest}) was not fired`;
  if (dryRun.kind === 'refused' && dryRun.fault)
    throw new InputError(`${notFired}: ${dryRun.reason}`);
  if (dryRun.kind !== 'ready' || !dryRun.scenarios) return;
  const known = new Set(dryRun.scenarios.map(({ id }) => id));
  const unknown = execute.scenarioIds.filter((id) => !known.has(id.toLowerCase()));
  if (unknown.length === 0) return;
  throw new InputError(
    (typed) =>
      `${notFired}: The run test has no scenario ${unknown.join(', ')}. ${typed(`fire ${trigger} --dry-run`)} lists those that ${trigger} runs`,
  );
}

/** Fires, and tells it where nobody waits. */
async function start(
  request: Request,
  { id: asked, wait }: { readonly id?: string | undefined; readonly wait?: true | undefined },
  target: Target,
  session: Session,
): Promise<FireReport> {
  const { io, typed } = session;
  const { trigger } = request;
  const fired = fireOnce(request, asked ?? newRequestId(), target, session);
  const { requestId, report } = await withSpinner(io, `Starting ${trigger}`, fired);
  if (asked !== undefined && report.duplicate)
    io.stderr.write(`An earlier command with --id ${asked} fired this. Nothing more is started.\n`);
  if (wait && report.firing !== undefined) return report;
  const id = report.firing ?? firingId(trigger, { kind: 'command', requestId });
  io.exitCode = exitCodeOf(report);
  const next = { look: typed(`show ${shortId(id)}`), typed };
  const told = { ...report, ...(target.isStandIn && ({ stand_in: true } as const)) };
  answer(session, told, (style) => formatFireReport(told, next, style));
  return report;
}

/** With an id, a firing of an earlier command with it that is still open, or in doubt, is what was asked for. */
async function fireOnce(request: Request, jobId: string, target: Target, session: Session) {
  for (let run = 1; ; run += 1) {
    const requestId = run === 1 ? jobId : `${jobId}-${run}`;
    const fired: Promise<FireReport> = fire(target, { ...request, requestId });
    const otherwise = (error: string, cause: unknown): FireReport => {
      // What was not reached has done nothing; anything else may have been recorded, and may have started.
      if (isUnreachable(cause)) throw cause;
      return { error };
    };
    const report = await orFault(fired, otherwise, session);
    if (!isOverBefore(report) || run === MOST_RUNS_OF_ID) return { requestId, report };
  }
}

/** As often as one repeats a job. */
export const MOST_RUNS_OF_ID = 50;

/** Whether an earlier request with this id has fired, and nothing of that runs any more. */
export function isOverBefore({
  duplicate,
  state,
}: Pick<FireReport, 'duplicate' | 'state'>): boolean {
  return duplicate === true && state !== undefined && OVER.has(state);
}

/** Without those of which an execution may still run. */
const OVER: ReadonlySet<string> = new Set([
  'completed',
  'failed',
  'cancelled',
  'rejected',
  'expired',
  'skipped',
]);

/** The trigger, and what differs from it in the file. */
type Request = ReturnType<typeof requestOf>;

function requestOf(trigger: string, asked?: readonly string[], evenIfPaused?: true) {
  return { trigger, ...(asked && { execute: only(asked) }), ...(evenIfPaused && { evenIfPaused }) };
}

function only(asked: readonly string[]) {
  const scenarioIds = asked.filter((each) => UUID.test(each));
  const scenarios = asked.filter((each) => !UUID.test(each));
  return { selectAll: false, scenarioIds, ...(scenarios.length > 0 && { scenarios }) };
}
