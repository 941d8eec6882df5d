import { parseArgs } from 'node:util';
import { didYouMean } from '../config/problem.ts';
import { InputError } from '../local/input-error.ts';

/** What `start` was asked to do. */
export interface StartOptions {
  /** Absent: 8787, or any free one with `fire`. */
  readonly port?: number;
  readonly triggersFile: string;
  readonly stateDirectory: string;
  /** Fire this trigger once, and end. */
  readonly fire?: string;
  readonly help: boolean;
}

const OPTIONS = {
  port: { type: 'string' },
  triggers: { type: 'string', default: 'triggers.yaml' },
  fire: { type: 'string' },
  state: { type: 'string', default: '.local' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const START_HELP = `Usage: npm start -- [options]

Runs the stack on this machine: schedules, webhooks and functions as deployed,
with a ledger on disk and, without FI_API_KEY, a stand-in of the API.

  --port N          address 127.0.0.1:N; 0 is any free one (default 8787)
  --triggers FILE   triggers to run (default triggers.yaml)
  --fire NAME       fire one trigger once and exit: 0 started, 1 not started
  --state DIR       ledger, secrets and dead letters (default .local)
  -h, --help        this text

Environment:
  FI_API_KEY        calls the real API, which costs money
  FI_SECRET_KEY     second half of a key pair
  FI_BASE_URL       another address of the API

Examples:
  npm start
  npm start -- --port 0 --triggers triggers.staging.yaml
  npm start -- --fire nightly-regression
  FI_API_KEY=… npm start -- --fire nightly-regression
`;

/** Reads the command line after `start`. Throws InputError with one line about the first mistake. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option') checkOption(token);
  }
  const [extra] = positionals;
  if (extra !== undefined) throw new InputError(`Unexpected argument "${extra}": see --help`);
  const { port, fire } = values;
  return {
    ...(port !== undefined && { port: readPort(String(port)) }),
    ...(fire !== undefined && { fire: String(fire) }),
    triggersFile: String(values.triggers),
    stateDirectory: String(values.state),
    help: values.help === true,
  };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function checkOption({ name, rawName, value, inlineValue }: OptionToken): void {
  const known = Object.entries(OPTIONS).find(([option]) => option === name)?.[1];
  if (!known) {
    const names = Object.keys(OPTIONS).map((option) => `--${option}`);
    throw new InputError(
      `Unknown option ${rawName}${didYouMean(rawName, names) || ': see --help'}`,
    );
  }
  const isNextOption = !inlineValue && value?.startsWith('-');
  if (known.type === 'string' && (!value || isNextOption)) {
    throw new InputError(`${rawName} needs a value: see --help`);
  }
  if (known.type === 'boolean' && value) throw new InputError(`${rawName} takes no value`);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InputError(`--port must be a number from 0 to 65535, not "${text}"`);
}
