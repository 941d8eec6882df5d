import { Command, Option } from '@commander-js/extra-typings';
import { firingId } from '../../lambda/firing/new-firing.ts';
import { UUID } from '../../lambda/firing/selection.ts';
import { InputError } from '../input-error.ts';
import { newRequestId } from '../request-id.ts';
import { fire, sendCommand } from '../target/invoke.ts';
import type { Target } from '../target/target.ts';
import { connect } from './connect.ts';
import { formatDryRun } from './dry-run.ts';
import { exitCodeOf, type FireReport, formatFireReport } from './fire-result.ts';
import { shortId } from './firing-reference.ts';
import { EXIT } from './io.ts';
import { readSpan } from './option-values.ts';
import { answer, type Session, typed } from './program.ts';
import { withSpinner } from './progress.ts';
import { serviceFault } from './service-fault.ts';
import { dashboardOf } from './show.ts';
import { namedTriggers } from './triggers-file.ts';
import { waitFor } from './wait.ts';

const EXAMPLES = `
Examples:
  rtt fire nightly-regression
  rtt fire nightly-regression --dry-run
  rtt fire nightly-regression --wait --timeout 1h
  rtt fire nightly-regression --scenario "Happy path" --scenario "Noisy line"

Exit codes: 0 started (with --wait: passed), 1 failed, 2 bad input,
            3 not started, or in doubt, 4 timed out; it goes on,
            5 the service does not answer; what has started goes on
`;

interface FireOptions {
  readonly dryRun?: true | undefined;
  readonly wait?: true | undefined;
  readonly timeout: number;
  readonly scenario?: string[] | undefined;
  readonly evenIfPaused?: true | undefined;
}

export function fireCommand(session: Session) {
  return new Command('fire')
    .summary('start a trigger now')
    .description('Starts a trigger now. Its policies apply as to any other firing.')
    .argument('<trigger>', 'the trigger')
    .option('-n, --dry-run', 'show what would be sent and send nothing')
    .option('-w, --wait', 'wait for the verdict and end with it')
    .addOption(
      new Option('--timeout <time>', 'wait no longer, as 90s, 30m or 2h')
        .argParser(readSpan)
        .default(DEFAULT_TIMEOUT_MS, '6h'),
    )
    .option('-s, --scenario <name>', 'run only this one, by id or name; repeatable', collect)
    .option('--even-if-paused', 'start although the trigger, or every trigger, is paused')
    .addHelpText('after', EXAMPLES)
    .action(async (trigger, options) => {
      const target = await connect(session);
      const config = await sendCommand(target, { command: 'describe' });
      const { triggers } = config;
      namedTriggers(Object.keys(triggers), trigger);
      if (options.wait && !triggers[trigger]?.follow) throw new InputError(notFollowed(trigger));
      if (options.dryRun) return showDryRun(trigger, options, target, session);
      const id = await start(trigger, options, target, session);
      if (!options.wait || id === undefined) return;
      const dashboard = dashboardOf(config);
      await waitFor({ id, trigger, dashboard, timeoutMs: options.timeout }, target, session);
    });
}

const DEFAULT_TIMEOUT_MS = 6 * 3_600_000;

function notFollowed(trigger: string): string {
  return `${trigger} has follow: false, so its executions get no verdict: fire it without --wait`;
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

async function showDryRun(
  trigger: string,
  options: FireOptions,
  target: Target,
  session: Session,
): Promise<void> {
  const command = { command: 'dry-run', trigger, ...changesIn(options) } as const;
  const dryRun = await withSpinner(session.io, 'Looking', sendCommand(target, command));
  const starts = dryRun.kind === 'ready' && dryRun.admission.kind === 'admitted';
  session.io.exitCode = starts ? EXIT.ok : EXIT.notStarted;
  answer(session, dryRun, (style) => formatDryRun(dryRun, style));
}

/** The id of the firing, where it has one to wait for. */
async function start(
  trigger: string,
  options: FireOptions,
  target: Target,
  session: Session,
): Promise<string | undefined> {
  const { io } = session;
  const requestId = newRequestId();
  const report = await reported(
    withSpinner(
      io,
      `Starting ${trigger}`,
      fire(target, { trigger, requestId, ...changesIn(options) }),
    ),
  );
  if (options.wait && report.firing !== undefined) return report.firing;
  const id = report.firing ?? firingId(trigger, { kind: 'command', requestId });
  io.exitCode = exitCodeOf(report);
  const next = {
    look: typed(session, `show ${shortId(id)}`),
    typed: (words: string) => typed(session, words),
  };
  const told = { ...report, ...(target.isStandIn && ({ stand_in: true } as const)) };
  answer(session, told, (style) => formatFireReport(told, next, style));
  return undefined;
}

/** What the function died of may have been recorded, and may have started. */
async function reported(fired: Promise<FireReport>): Promise<FireReport> {
  try {
    return await fired;
  } catch (error) {
    const fault = serviceFault(error);
    if (fault === undefined) throw error;
    return { error: fault };
  }
}

/** What differs from the trigger in the file. */
function changesIn({ scenario: asked, evenIfPaused }: FireOptions) {
  return { ...(asked && { execute: only(asked) }), ...(evenIfPaused && { evenIfPaused }) };
}

function only(asked: readonly string[]) {
  const scenarioIds = asked.filter((each) => UUID.test(each));
  const scenarios = asked.filter((each) => !UUID.test(each));
  return { selectAll: false, scenarioIds, ...(scenarios.length > 0 && { scenarios }) };
}
