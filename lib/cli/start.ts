import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { firstOf } from '../../lambda/runtime/first-of.ts';
import { systemClock } from '../clock.ts';
import { serveConsole } from '../console/serve-console.ts';
import {
  type SynthesizedLocally,
  synthesizeLocally,
} from '../local/assembly/synthesize-locally.ts';
import type { RunFile } from '../local/files/run-file.ts';
import type { LogLine } from '../local/functions/function-host.ts';
import { type LocalRun, startLocalRun } from '../local/local-run.ts';
import { localTarget } from '../target/local-target.ts';
import { banner } from './banner.ts';
import { consoleOf } from './console.ts';
import { exitCodeOf, formatFireReport, readFireReport } from './fire-result.ts';
import { widthOf } from './history-table.ts';
import { EXIT, type Io } from './io.ts';
import { formatLogLine } from './log-format.ts';
import { nextChange, textOf } from './next-change.ts';
import { wholeNumber } from './option-values.ts';
import type { Session } from './program.ts';
import { orFault } from './service-fault.ts';
import { stopSignal } from './stop-signal.ts';
import { styleFor } from './style.ts';
import { namedTriggers } from './triggers-file.ts';

const DEFAULT_PORT = 8787;
/** The first line of a message for people, and of an event that was given up. */
const NOTICE_HEAD = /^(?:MESSAGE|DEAD LETTER) .*/;

const EXAMPLES = `
Environment:
  FI_API_KEY             calls the real API, which costs money
  FI_SECRET_KEY          second half of a key pair
  FI_BASE_URL            another address of the API

Examples:
  rtt start
  rtt start --port 0 --triggers triggers.staging.yaml
  rtt start --fire nightly-regression
  FI_API_KEY=… rtt start --fire nightly-regression
`;

interface StartOptions {
  readonly port?: number | undefined;
  readonly triggersFile: string;
  readonly stateDirectory: string;
  /** Instead of the triggers file as it is now. */
  readonly synthesized?: SynthesizedLocally;
  /** JSON even on a terminal. */
  readonly json?: true | undefined;
}

export function startCommand(session: Session) {
  const { io, options } = session;
  return new Command('start')
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
        trigger === undefined ? await serve(start, session) : await fire(start, trigger, session);
    });
}

async function serve(options: StartOptions, session: Session): Promise<number> {
  const { io } = session;
  const stopped = stopSignal();
  const stateDirectory = resolve(options.stateDirectory);
  let seen = textOf(options.triggersFile);
  let run: LocalRun | undefined = await runLocally(false, options, io.stdout, session);
  const port = Number(new URL(run.url).port);
  const unusable = (goesOn: string) => (fault: string) => {
    io.stderr.write(`${fault}\nThe changed file cannot be used: ${goesOn}\n`);
    return undefined;
  };
  const shown = { stateDirectory, now: systemClock.now(), typed: session.typed };
  io.stderr.write(banner(run, shown, styleFor(io.stderr)));
  for (let changes = 1; ; changes += 1) {
    seen = await nextChange(options.triggersFile, seen, stopped);
    if (stopped.aborted) break;
    // The functions that run have their folder open.
    const outdir = join(stateDirectory, `assembly-${changes % 2}`);
    const goesOn = run ? 'what was running goes on' : 'nothing runs';
    const next = await orFault(synthesized(options, outdir, io), unusable(goesOn), session);
    if (!next) continue;
    await run?.stop();
    const again = { ...options, port, synthesized: next };
    const started = runLocally(false, again, io.stdout, session);
    run = await orFault(started, unusable('nothing runs'), session);
    if (!run) continue;
    const names = firstOf(Object.keys(run.triggers)).join(', ');
    io.stderr.write(`${options.triggersFile} has changed and is in use: ${names}\n`);
    io.stderr.write(`Console: ${run.pageUrl}\n`);
  }
  await run?.stop();
  return EXIT.ok;
}

function synthesized({ triggersFile }: StartOptions, outdir: string, { stderr }: Io) {
  const notice = (text: string) => void stderr.write(`${text}\n`);
  return synthesizeLocally(triggersFile, outdir, { clock: systemClock, notice });
}

/** The result alone goes to stdout, so that a script can read it. */
async function fire(options: StartOptions, trigger: string, session: Session): Promise<number> {
  const { io } = session;
  const run = await runLocally(true, options, io.stderr, session);
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
            { look: session.typed('start'), typed: session.typed },
            styleFor(io.stdout),
          )
        : `${JSON.stringify(report)}\n`,
    );
    return exitCodeOf(report);
  } finally {
    await run.stop();
  }
}

function runLocally(fired: boolean, options: StartOptions, logs: Io['stdout'], session: Session) {
  const { io } = session;
  const { stderr, environment } = io;
  const style = styleFor(logs);
  const log = logs.isTTY
    ? (line: LogLine) => formatLogLine(line, style, widthOf(logs))
    : ({ line }: LogLine) => line;
  const head = styleFor(stderr);
  const notice = (text: string) =>
    void stderr.write(`${text.replace(NOTICE_HEAD, (line) => head(['bold', 'yellow'], line))}\n`);
  const clock = systemClock;
  return startLocalRun({
    ...options,
    synthesize: async (outdir) => options.synthesized ?? synthesized(options, outdir, io),
    port: options.port ?? (fired ? 0 : DEFAULT_PORT),
    environment,
    schedules: !fired,
    clock,
    ...(!fired && {
      page: (runFile: RunFile) =>
        serveConsole(consoleOf(localTarget(runFile), runFile.accessKeyId, session)),
    }),
    log: (line) => void logs.write(`${log(line)}\n`),
    notice,
  });
}
