import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { InputError } from '../input-error.ts';
import { awsFault } from '../target/aws-fault.ts';
import { doctorCommand } from './doctor.ts';
import { fileFault } from './file-fault.ts';
import { fireCommand } from './fire.ts';
import { historyCommand } from './history.ts';
import { initCommand } from './init.ts';
import { EXIT, type Io } from './io.ts';
import { nextCommand } from './next.ts';
import { pauseCommand, resumeCommand } from './pause.ts';
import { rootCommand, type Session } from './program.ts';
import { redriveCommand } from './redrive.ts';
import { retryCommand } from './retry.ts';
import { secretCommand } from './secret.ts';
import { showCommand } from './show.ts';
import { startCommand } from './start.ts';
import { validateCommand } from './validate.ts';

const EXAMPLES = `
Examples:
  rtt next
  rtt fire nightly-regression --wait

Exit codes: 0 done or passed, 1 failed, 2 bad input, 3 not started, 4 timed out
The local run is talked to where one is running, else the deployed stack.
Shell completion: rtt complete bash, zsh or fish prints a script to source.
`;

/** Runs one command line (without `node` and the script). Never rejects for what a person did. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const root = rootCommand();
  const session: Session = { io, options: () => root.opts() };
  root.addHelpText('after', EXAMPLES);
  for (const command of commands(session)) root.addCommand(command);
  speakTo(io, root);
  if (args[0] === 'complete') {
    const { addCompletion } = await import('./completion.ts');
    addCompletion(root, root.opts().triggers, io.clock.now());
  }
  try {
    await root.parseAsync([...args], { from: 'user' });
  } catch (error) {
    io.exitCode = publishOutbox(error, io);
  }
  return io.exitCode;
}

function commands(session: Session): CommandUnknownOpts[] {
  return [
    startCommand(session),
    validateCommand(session),
    nextCommand(session),
    fireCommand(session),
    historyCommand(session),
    showCommand(session),
    retryCommand(session),
    pauseCommand(session),
    resumeCommand(session),
    redriveCommand(session),
    secretCommand(session),
    doctorCommand(session),
    initCommand(session),
  ];
}

/** Help and complaints go to these streams; a complaint is thrown instead of ending the process. */
function speakTo(io: Io, command: CommandUnknownOpts, name = command.name()): void {
  const { stdout, stderr } = io;
  command
    .exitOverride()
    .showHelpAfterError(`${name} --help shows how`)
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => Math.min(stdout.columns ?? 80, 100),
      getErrHelpWidth: () => Math.min(stderr.columns ?? 80, 100),
      outputError: (text, write) =>
        write(text.replace(/^error: ./, (start) => start.slice(-1).toUpperCase())),
    })
    .configureHelp({ showGlobalOptions: true });
  for (const each of command.commands) speakTo(io, each, `${name} ${each.name()}`);
}

function publishOutbox(error: unknown, { stderr }: Io): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  const fault = error instanceof InputError ? error.message : (awsFault(error) ?? fileFault(error));
  // A mistake of this program: its stack is worth more than a sentence.
  if (fault === undefined) throw error;
  stderr.write(`${fault}\n`);
  return EXIT.badInput;
}
