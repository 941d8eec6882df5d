import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { didYouMean } from '../config/problem.ts';
import { systemClock } from '../local/clock.ts';
import type { LogLine } from '../local/function-host.ts';
import { InputError } from '../local/input-error.ts';
import { type LocalRun, startLocalRun } from '../local/local-run.ts';
import { banner } from './banner.ts';
import { deliverScript } from './deliver-script.ts';
import { formatFireResult, readFireResult } from './fire-result.ts';
import { formatLogLine } from './log-format.ts';
import { parseStartOptions, START_HELP, type StartOptions } from './start-options.ts';
import { styleFor } from './style.ts';

const DEFAULT_PORT = 8787;

/** The command `start`: runs until a signal, or fires one trigger. Gives the exit code. */
export async function start(args: readonly string[]): Promise<number> {
  const options = parseStartOptions(args);
  if (options.help) {
    process.stdout.write(START_HELP);
    return 0;
  }
  return options.fire === undefined ? serve(options) : fire(options, options.fire);
}

async function serve(options: StartOptions): Promise<number> {
  const run = await runLocally(options, process.stdout);
  const files = {
    stateDirectory: resolve(options.stateDirectory),
    deliverScript: join(resolve(options.stateDirectory), 'deliver.sh'),
  };
  writeFileSync(files.deliverScript, deliverScript(run), { mode: 0o700 });
  process.stderr.write(banner(run, files, systemClock.now(), styleFor(process.stderr)));
  await stopSignal();
  await run.stop();
  return 0;
}

/** The result alone goes to stdout, so that a script can read it. */
async function fire(options: StartOptions, trigger: string): Promise<number> {
  const run = await runLocally(options, process.stderr);
  try {
    checkTrigger(trigger, run);
    const result = readFireResult(await run.fire(trigger));
    process.stdout.write(
      process.stdout.isTTY
        ? formatFireResult(result, styleFor(process.stdout))
        : `${JSON.stringify(result.report)}\n`,
    );
    return result.started ? 0 : 1;
  } finally {
    await run.stop();
  }
}

function checkTrigger(name: string, { triggers }: LocalRun): void {
  if (Object.hasOwn(triggers, name)) return;
  const names = Object.keys(triggers);
  const hint = didYouMean(name, names) || `. There are: ${names.join(', ')}`;
  throw new InputError(`No trigger "${name}"${hint}`);
}

function runLocally(options: StartOptions, logs: NodeJS.WriteStream): Promise<LocalRun> {
  const style = styleFor(logs);
  const log = logs.isTTY
    ? (line: LogLine) => formatLogLine(line, style)
    : ({ line }: LogLine) => line;
  return startLocalRun({
    ...options,
    port: options.port ?? (options.fire === undefined ? DEFAULT_PORT : 0),
    environment: process.env,
    schedules: options.fire === undefined,
    clock: systemClock,
    log: (line) => void logs.write(`${log(line)}\n`),
    notice: (text) => void process.stderr.write(`${text}\n`),
  });
}

/**
 * Ctrl-C, a polite kill, a closed terminal, or nobody left to read the logs. The handlers stay: a signal may come
 * twice, from the terminal and from npm, and must not cut the stopping short.
 */
function stopSignal(): Promise<void> {
  return new Promise((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop());
    process.stdout.on('error', () => stop());
  });
}
