import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { systemClock } from '../clock.ts';
import { synthesizeLocally } from '../local/assembly/synthesize-locally.ts';
import type { LogLine } from '../local/functions/function-host.ts';
import { type LocalRun, startLocalRun } from '../local/local-run.ts';
import { banner } from './banner.ts';
import { exitCodeOf, formatFireReport, readFireReport } from './fire-result.ts';
import type { Io } from './io.ts';
import { formatLogLine } from './log-format.ts';
import { wholeNumber } from './option-values.ts';
import { type Session, typed } from './program.ts';
import { styleFor } from './style.ts';
import { namedTriggers } from './triggers-file.ts';

const DEFAULT_PORT = 8787;
/** Goes on with what one firing left open. */
const GOES_ON = 'npm start';

const EXAMPLES = `
Environment:
  FI_API_KEY             calls the real API, which costs money
  FI_SECRET_KEY          second half of a key pair
  FI_BASE_URL            another address of the API

Examples:
  npm start
  npm start -- --port 0 --triggers triggers.staging.yaml
  npm start -- --fire nightly-regression
  FI_API_KEY=… npm start -- --fire nightly-regression
`;

interface StartOptions {
  readonly port?: number | undefined;
  readonly triggersFile: string;
  readonly stateDirectory: string;
  /** JSON even on a terminal. */
  readonly json?: true | undefined;
}

/** The command `start`: runs until a signal, or fires one trigger. */
export function startCommand(session: Session) {
  const { io, options } = session;
  return new Command('start')
    .summary('run the stack on this machine (npm start)')
    .description(
      'Runs the stack on this machine: schedules, webhooks and functions as deployed, with a ledger on disk and, without FI_API_KEY, a stand-in of the API.',
    )
    .option(
      '--port <n>',
      `address 127.0.0.1:N; 0 is any free one (default: ${DEFAULT_PORT})`,
      wholeNumber(0, 65_535),
    )
    .option('--fire <trigger>', 'fire one trigger once and exit: 0 started, 3 not started')
    .addHelpText('after', EXAMPLES)
    .action(async ({ port, fire: trigger }) => {
      const { triggers: triggersFile, stateDir: stateDirectory, json } = options();
      const start = { port, triggersFile, stateDirectory, json };
      io.exitCode =
        trigger === undefined ? await serve(start, io) : await fire(start, trigger, session);
    });
}

async function serve(options: StartOptions, io: Io): Promise<number> {
  const run = await runLocally(false, options, io.stdout, io);
  const stateDirectory = resolve(options.stateDirectory);
  io.stderr.write(banner(run, stateDirectory, systemClock.now(), styleFor(io.stderr)));
  await stopSignal();
  await run.stop();
  return 0;
}

/** The result alone goes to stdout, so that a script can read it. */
async function fire(options: StartOptions, trigger: string, session: Session): Promise<number> {
  const { io } = session;
  const run = await runLocally(true, options, io.stderr, io);
  try {
    namedTriggers(Object.keys(run.triggers), trigger);
    const report = {
      ...readFireReport(await run.fire(trigger)),
      ...(run.standIn && ({ stand_in: true } as const)),
    };
    io.stdout.write(
      io.stdout.isTTY && !options.json
        ? formatFireReport(
            report,
            { look: GOES_ON, typed: (words) => typed(session, words) },
            styleFor(io.stdout),
          )
        : `${JSON.stringify(report)}\n`,
    );
    return exitCodeOf(report);
  } finally {
    await run.stop();
  }
}

function runLocally(
  fired: boolean,
  options: StartOptions,
  logs: Io['stdout'],
  { stderr, environment }: Io,
): Promise<LocalRun> {
  const style = styleFor(logs);
  const log = logs.isTTY
    ? (line: LogLine) => formatLogLine(line, style)
    : ({ line }: LogLine) => line;
  const notice = (text: string) => void stderr.write(`${text}\n`);
  const clock = systemClock;
  return startLocalRun({
    ...options,
    synthesize: (outdir) => synthesizeLocally(options.triggersFile, outdir, { clock, notice }),
    port: options.port ?? (fired ? 0 : DEFAULT_PORT),
    environment,
    schedules: !fired,
    clock,
    log: (line) => void logs.write(`${log(line)}\n`),
    notice,
  });
}

/**
 * Ctrl-C, SIGTERM, a closed terminal, or a closed pipe for the logs. The handlers stay: a signal may come
 * twice, from the terminal and from npm, and must not cut the stopping short.
 */
function stopSignal(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop());
    process.stdout.on('error', () => stop());
  });
}
