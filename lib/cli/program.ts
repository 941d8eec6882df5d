import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import { currentBuild } from '../build.ts';
import { EXIT, type Io } from './io.ts';
import { readPath } from './option-values.ts';
import { type Style, styleFor } from './style.ts';
import { oneLine, shellWord } from './text.ts';

/** The options that every command takes, before or after its name. */
export function rootCommand() {
  const root = new Command('rtt');
  return root
    .description(
      'Starts Future AGI test runs on schedules and webhooks, and shows what became of them',
    )
    .option('--version', 'print version and commit')
    .on('option:version', () => {
      root.configureOutput().writeOut?.(`${currentBuild()}\n`);
      throw new CommanderError(EXIT.ok, 'commander.version', 'the version was printed');
    })
    .option('--json', 'print JSON instead of text')
    .option('--local', 'use the local run (npx rtt start), whatever the environment says')
    .option('--stack <name>', 'use this deployed stack')
    .addOption(new Option('--stage <name>', 'use the stack of this stage').conflicts('stack'))
    .option('--region <region>', 'AWS region of the stack')
    .option('--profile <name>', 'profile of the AWS configuration files')
    .option('--triggers <file>', 'the triggers file', readPath, 'triggers.yaml')
    .option('--state-dir <dir>', 'folder of the local run', readPath, '.local');
}

type GlobalOptions = ReturnType<ReturnType<typeof rootCommand>['opts']>;

/** What every command is made with. The options are known when its action runs, not before. */
export interface Session {
  readonly io: Io;
  readonly options: () => GlobalOptions;
  /**
   * A command of `rtt` as the person can paste it: called as this one was, with the same files and target. `words` is
   * everything behind `rtt`.
   */
  readonly typed: (words: string) => string;
}

/** `root` is read at each use, so it may be given before the command line is parsed. */
export function sessionOf(io: Io, root: ReturnType<typeof rootCommand>): Session {
  const typed = (words: string) => [io.calledAs, words, ...givenWords(root)].join(' ');
  return { io, options: () => root.opts(), typed };
}

/** What the command line says of files and target. */
function givenWords(root: ReturnType<typeof rootCommand>): (string | undefined)[] {
  const given = root.options.filter((option) => {
    const name = option.attributeName();
    return name !== 'json' && root.getOptionValueSource(name) === 'cli';
  });
  return given.map((option) => {
    const value: unknown = root.getOptionValue(option.attributeName());
    return value === true ? option.long : `${option.long} ${shellWord(String(value))}`;
  });
}

/** Prints what a command found: with `--json` the value, else the text. */
export function answer({ io, options }: Session, value: unknown, text: (style: Style) => string) {
  const json = options().json === true;
  io.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text(styleFor(io.stdout)));
}

/** Prints that something is done; with `--json` the value. */
export function answerDone(session: Session, value: unknown, what: string): void {
  answer(session, value, (style) => `${style('green', '✓')} ${oneLine(what)}\n`);
}
