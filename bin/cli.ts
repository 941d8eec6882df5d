import { didYouMean } from '../lib/config/problem.ts';
import { InputError } from '../lib/local/input-error.ts';

const HELP = `Usage: node bin/cli.ts COMMAND [options]

Commands:
  start    run the stack on this machine, or fire one trigger (npm start)

Examples:
  node bin/cli.ts start
  node bin/cli.ts start --fire nightly-regression
  node bin/cli.ts start --help
`;

const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  start: async (args) => (await import('../lib/cli/start.ts')).start(args),
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function main([name, ...args]: string[]): Promise<number> {
  if (name === '--help' || name === '-h') {
    process.stdout.write(HELP);
    return 0;
  }
  const command = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command) return command(args);
  const hint = name === undefined ? '' : didYouMean(name, Object.keys(COMMANDS));
  throw new InputError(
    name === undefined ? HELP : `Unknown command "${name}"${hint || ': see --help'}`,
  );
}
