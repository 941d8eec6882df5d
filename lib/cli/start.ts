import { resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { firstOf } from '../../lambda/runtime/first-of.ts';
import { systemClock } from '../clock.ts';
import { serveConsole } from '../console/serve-console.ts';
import { InputError } from '../input-error.ts';
import { synthesizeAside } from '../local/assembly/synthesize-aside.ts';
import type { RunFile } from '../local/files/run-file.ts';
import type { LogLine } from '../local/functions/function-host.ts';
import { type LocalRun, startLocalRun } from '../local/local-run.ts';
import { localTarget } from '../target/local-target.ts';
import { banner } from './banner.ts';
import { consoleOf } from './console.ts';
import { exitCodeOf, formatFireReport, readFireReport } from './fire-result.ts';
import { EXIT, type Io } from './io.ts';
import { formatLogLine } from './log-format.ts';
import { nextChange, textOf } from './next-change.ts';
import { wholeNumber } from './option-values.ts';
import type { Session } from './program.ts';
import { orFault } from './service-fault.ts';
import { stopSignal } from './stop-signal.ts';
import { styleFor } from './style.ts';
import { widthOf } from './table.ts';
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
  rtt start --json > log.jsonl
  rtt start --fire nightly-regression
  FI_API_KEY=… rtt start --fire nightly-regression
`;

const GOES_ON = 'what was running goes on';

interface StartOptions {
  readonly port?: number | undefined;
  readonly synthesize: typeof synthesizeAside;
}

/**
 * Writes only to the state directory. Exit code 0 when a signal stopped it; with `--fire` as `exitCodeOf` has it. `--json`
 * prints the functions' log, an object a line, or with `--fire` the report alone.
 * @param synthesize makes the stack of the triggers file.
 */
export function command(session: Session, synthesize = synthesizeAside) {
  const { io } = session;
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
      const start = { port, synthesize };
      io.exitCode =
        trigger === undefined ? await serve(start, session) : await fire(start, trigger, session);
    });
}

async function serve(options: StartOptions, session: Session): Promise<number> {
  const { io } = session;
  const { triggers: file, stateDir } = session.options();
  const signal = stopSignal();
  const stateDirectory = resolve(stateDir);
  let seen = textOf(file);
  const run = await runLocally(false, options, io.stdout, session);
  const unusable = (fault: string) =>
    void io.stderr.write(`${fault}\nThe changed file cannot be used: ${GOES_ON}\n`);
  const shown = { stateDirectory, now: systemClock.now(), typed: session.typed };
  io.stderr.write(banner(run, shown, styleFor(io.stderr)));
  const stopped = AbortSignal.any([signal, run.gone]);
  let used = run.triggers;
  for (;;) {
    seen = await nextChange(file, seen, stopped);
    if (stopped.aborted) break;
    if (seen === undefined) {
      io.stderr.write(`${file} is gone, or cannot be read: ${GOES_ON}\n`);
      continue;
    }
    const triggers = await orFault(run.change(), unusable, session);
    if (!triggers) continue;
    const names = firstOf(Object.keys(triggers)).join(', ');
    io.stderr.write(`${file} has changed and is in use: ${names}\n`);
    io.stderr.write(removedText(used, triggers, session));
    used = triggers;
  }
  await run.stop();
  if (!run.gone.aborted) return EXIT.ok;
  throw new InputError(
    (typed) =>
      `${stateDirectory} was moved, deleted or replaced while the local run used it, so the run has stopped. To keep its ledger and secrets, move the folder back first. Then: ${typed('start')}`,
  );
}

/** A line for the triggers that are not in the file any more; empty where all are. */
function removedText(before: Triggers, triggers: Triggers, { typed }: Session): string {
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(triggers, name));
  const [first] = removed;
  if (first === undefined) return '';
  const newNames = new Map(
    Object.entries(triggers).map(([name, { renamedFrom }]) => [renamedFrom, name]),
  );
  const names = removed.map((name) => {
    const newName = newNames.get(name);
    return newName === undefined ? name : `${name} (now ${newName})`;
  });
  const pause = typed(`pause ${first} --reason "it is removed"`);
  return `Not in it any more: ${firstOf(names).join(', ')}. Firings that wait still start until their deadline, unless their trigger is paused: ${pause}\n`;
}

type Triggers = LocalRun['triggers'];

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
      io.stdout.isTTY && !session.options().json
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

function runLocally(
  fired: boolean,
  { port, synthesize }: StartOptions,
  logs: Io['stdout'],
  session: Session,
) {
  const { stderr, environment } = session.io;
  const { triggers: triggersFile, stateDir: stateDirectory, json } = session.options();
  const style = styleFor(logs);
  const log = json
    ? ({ line }: LogLine) => line
    : (line: LogLine) => formatLogLine(line, style, logs.isTTY ? widthOf(logs) : undefined);
  const head = styleFor(stderr);
  const notice = (text: string) =>
    void stderr.write(`${text.replace(NOTICE_HEAD, (line) => head(['bold', 'yellow'], line))}\n`);
  const clock = systemClock;
  return startLocalRun({
    stateDirectory,
    synthesize: (outdir) => synthesize(triggersFile, outdir, clock.now()),
    port: port ?? (fired ? 0 : DEFAULT_PORT),
    environment,
    schedules: !fired,
    clock,
    ...(!fired && {
      page: (runFile: RunFile, replaced: AbortSignal) =>
        serveConsole({
          ...consoleOf(localTarget(runFile), runFile.accessKeyId, session),
          replaced,
        }),
    }),
    log: (line) => void logs.write(`${log(line)}\n`),
    notice,
  });
}
