import { Command, Option } from '@commander-js/extra-typings';
import { UUID } from '../../lambda/firing/selection.ts';
import { InputError } from '../input-error.ts';
import { newRequestId } from '../request-id.ts';
import { fire, sendCommand } from '../target/invoke.ts';
import type { Target } from '../target/target.ts';
import { connect } from './connect.ts';
import { formatDryRun } from './dry-run.ts';
import { formatFireReport } from './fire-result.ts';
import { EXIT } from './io.ts';
import { readSpan } from './option-values.ts';
import { answer, type Session } from './program.ts';
import { namedTriggers } from './triggers-file.ts';
import { waitFor } from './wait.ts';

const EXAMPLES = `
Examples:
  rtt fire nightly-regression
  rtt fire nightly-regression --dry-run
  rtt fire nightly-regression --wait --timeout 1h
  rtt fire nightly-regression --scenario "Happy path" --scenario "Noisy line"

Exit codes: 0 started (with --wait: passed), 1 failed, 2 bad input,
            3 not started, or in doubt, 4 timed out; it goes on
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
      const { triggers } = await sendCommand(target, { command: 'describe' });
      namedTriggers(Object.keys(triggers), trigger);
      if (options.wait && !triggers[trigger]?.follow) throw new InputError(notFollowed(trigger));
      await (options.dryRun
        ? showDryRun(trigger, options, target, session)
        : start(trigger, options, target, session));
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
  const dryRun = await sendCommand(target, command);
  const starts = dryRun.kind === 'ready' && dryRun.admission.kind === 'admitted';
  session.io.exitCode = starts ? EXIT.ok : EXIT.notStarted;
  answer(session, dryRun, (style) => formatDryRun(dryRun, style));
}

async function start(
  trigger: string,
  options: FireOptions,
  target: Target,
  session: Session,
): Promise<void> {
  const requestId = newRequestId();
  const report = await fire(target, { trigger, requestId, ...changesIn(options) });
  if (options.wait) return waitFor(report, options.timeout, target, session);
  const goesOn = `the sweep goes on with it (rtt show ${report.firing})`;
  session.io.exitCode = report.state === 'started' ? EXIT.ok : EXIT.notStarted;
  answer(session, report, (style) => formatFireReport(report, goesOn, style));
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
