import { Command, Option } from '@commander-js/extra-typings';
import manifest from '../../package.json' with { type: 'json' };
import type { Io } from './io.ts';

/** The options that every command takes, before or after its name. */
export function rootCommand() {
  return new Command('rtt')
    .description(
      'Starts Future AGI test runs on schedules and webhooks, and shows what became of them',
    )
    .version(manifest.version, '--version', 'print the version')
    .option('--json', 'print JSON instead of text')
    .option('--triggers <file>', 'the triggers file', 'triggers.yaml')
    .option('--state-dir <dir>', 'folder of the local run', '.local')
    .option('--local', 'talk to the local run (npm start), whatever the environment says')
    .option('--stack <name>', 'talk to this deployed stack')
    .addOption(new Option('--stage <name>', 'talk to the stack of this stage').conflicts('stack'))
    .option('--region <region>', 'AWS region of the stack')
    .option('--profile <name>', 'profile of the AWS configuration files');
}

/** What `rootCommand` has read. */
type GlobalOptions = ReturnType<ReturnType<typeof rootCommand>['opts']>;

/** What every command is made with. The options are known when its action runs, not before. */
export interface Session {
  readonly io: Io;
  readonly options: () => GlobalOptions;
}
