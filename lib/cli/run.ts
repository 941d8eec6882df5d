import { Command, CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { InputError } from '../input-error.ts';
import { awsFault } from '../target/aws-fault.ts';
import { COMMANDS } from './commands.ts';
import { fileFault } from './file-fault.ts';
import { EXIT, type Io } from './io.ts';
import { rootCommand, type Session, sessionOf } from './program.ts';
import { shellWord } from './text.ts';

const EXAMPLES = `
Examples:
  rtt next
  rtt fire nightly-regression --wait

Exit codes: 0 done or passed, 1 failed, 2 bad input, 3 not started, 4 timed out,
            5 the service does not answer
Commands use the local run if one is running, else the deployed stack.
Shell completion: rtt complete bash, zsh or fish prints a script to source.
`;

/** Runs one command line (without `node` and the script). Never rejects for what a person did. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const root = rootCommand();
  const session = sessionOf(io, root);
  root.addHelpText('after', EXAMPLES);
  const completes = args[0] === 'complete';
  for (const [name, [summary, load]] of Object.entries(COMMANDS)) {
    const isNeeded = completes || args.includes(name);
    const command = isNeeded ? (await load()).command(session) : new Command(name);
    root.addCommand(command.summary(summary));
  }
  speakTo(io, root, args);
  if (completes) {
    const { addCompletion } = await import('./completion.ts');
    // What the words that are to be completed name as the triggers file.
    const at = args.indexOf('--triggers');
    const file = at === -1 ? undefined : args[at + 1];
    addCompletion(root, file ?? root.opts().triggers, io.clock.now());
  }
  try {
    await root.parseAsync([...args], { from: 'user' });
  } catch (error) {
    io.exitCode = reportFault(error, session);
  }
  return io.exitCode;
}

/** Help and complaints go to these streams; a complaint is thrown instead of ending the process. */
function speakTo(
  io: Io,
  command: CommandUnknownOpts,
  args: readonly string[],
  called = io.calledAs,
): void {
  const { stdout, stderr } = io;
  const line = (words: readonly string[]) => `${io.calledAs} ${words.map(shellWord).join(' ')}`;
  command
    .exitOverride()
    .showHelpAfterError(`${called} --help shows how`)
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      getOutHelpWidth: () => Math.min(stdout.columns ?? 80, 100),
      getErrHelpWidth: () => Math.min(stderr.columns ?? 80, 100),
      outputError(text, write) {
        const [, option = ''] = UNKNOWN_OPTION.exec(text) ?? [];
        const [, excess] = EXCESS.exec(text) ?? [];
        if (REASON_MISSING.test(text))
          return write(
            `Say why: ${[line(args), ...missingIn(command)].join(' ')} --reason "what happened"\n`,
          );
        if (command.registeredArguments.some((argument) => argument.name() === option)) {
          const words = args.map((word) => word.replace(`--${option}=`, ''));
          const right = line(words.filter((word) => word !== `--${option}`));
          return write(`The ${option} is given without --${option}: ${right}\n`);
        }
        write(text.replace(/^error: ./, (start) => start.slice(-1).toUpperCase()));
        if (excess !== undefined && command.options.some(({ long }) => long === '--trigger'))
          write(`(Did you mean --trigger ${shellWord(excess)}?)\n`);
      },
    })
    .configureHelp({ showGlobalOptions: true });
  for (const each of command.commands) speakTo(io, each, args, `${called} ${each.name()}`);
}

/** The arguments that are not given, like FIRING; `--all` stands for the trigger. */
function missingIn(command: CommandUnknownOpts): string[] {
  if (command.getOptionValue('all') === true) return [];
  const missing = command.registeredArguments.slice(command.args.length);
  return missing.map((argument) => argument.name().toUpperCase());
}

const REASON_MISSING = /required option '--reason /;
const UNKNOWN_OPTION = /unknown option '--([\w-]+)/;
const EXCESS = /too many arguments .* 1: (.*)\.$/m;

function reportFault(error: unknown, session: Session): number {
  const { io, typed } = session;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  const fault =
    error instanceof InputError ? error.said(typed) : (awsFault(error, typed) ?? fileFault(error));
  if (fault !== undefined) {
    io.stderr.write(`${fault}\n`);
    return EXIT.badInput;
  }
  if (error instanceof Error && error.name === 'FunctionFailedError') {
    io.stderr.write(`The function has failed: ${error.message}\n${typed('logs')} shows more\n`);
    return EXIT.lostSight;
  }
  // A mistake of this program: its report needs the stack.
  if (io.environment.RTT_TRACE) throw error;
  const message = error instanceof Error ? error.message : String(error);
  io.stderr.write(`rtt has failed: ${message}\nRTT_TRACE=1 in front of the command shows where\n`);
  return EXIT.lostSight;
}
