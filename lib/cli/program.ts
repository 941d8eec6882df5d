import { Command, CommanderError, Option } from '@commander-js/extra-typings';
import { currentBuild } from '../build.ts';
import { EXIT, type Io } from './io.ts';
import { readPath } from './option-values.ts';
import { type Style, styleFor } from './style.ts';
import { oneLine, shellWord } from './text.ts';

const TRIGGERS_FILE = 'triggers.yaml';
const STATE_DIRECTORY = '.local';

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
    .option('--triggers <file>', 'the triggers file', readPath, TRIGGERS_FILE)
    .option('--state-dir <dir>', 'folder of the local run', readPath, STATE_DIRECTORY)
    .option('--local', 'use the local run (npx rtt start), whatever the environment says')
    .option('--stack <name>', 'use this deployed stack')
    .addOption(new Option('--stage <name>', 'use the stack of this stage').conflicts('stack'))
    .option('--region <region>', 'AWS region of the stack')
    .option('--profile <name>', 'profile of the AWS configuration files');
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

/** `options` is called at each use, so it may be given before the command line is parsed. */
export function sessionOf(io: Io, options: Session['options']): Session {
  return { io, options, typed: (words) => typed(io, options(), words) };
}

function typed(io: Io, options: GlobalOptions, words: string): string {
  const { local, stack, stage, region, profile, stateDir, triggers } = options;
  const given = {
    stack,
    stage,
    region,
    profile,
    triggers: triggers === TRIGGERS_FILE ? undefined : triggers,
    'state-dir': stateDir === STATE_DIRECTORY ? undefined : stateDir,
  };
  const target = Object.entries(given).flatMap(([option, value]) =>
    value === undefined ? [] : [`--${option} ${shellWord(value)}`],
  );
  return [io.calledAs, words, ...(local ? ['--local'] : []), ...target].join(' ');
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
