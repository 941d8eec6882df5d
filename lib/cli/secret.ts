import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Command } from '@commander-js/extra-typings';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { SecretUnusableError } from '../../lambda/runtime/secrets.ts';
import { secretEntries } from '../../lambda/webhook/verification.ts';
import { InputError } from '../input-error.ts';
import { START_AGAIN } from '../local/services/api-target.ts';
import { judgeSecret, type SecretUse, secretUses } from '../secret-uses.ts';
import { getSecret, putSecret, readSecret } from '../target/secret.ts';
import type { Target } from '../target/target.ts';
import { openService } from './connect.ts';
import { EXIT, type Io } from './io.ts';
import { answer, answerDone, type Session } from './program.ts';
import { hasKeyOfVariable } from './setup.ts';
import { details } from './table.ts';
import { dateTime, ownZone } from './text.ts';
import { namedSecret } from './triggers-file.ts';

const EXAMPLES = `
The value comes from standard input, or from a prompt that does not show it: an
argument would be in the shell's history and in the list of processes.

Examples:
  rtt secret set run-test-trigger/api-key < key.txt
  printf %s "$FI_API_KEY" | rtt secret set run-test-trigger/api-key
  rtt secret set run-test-trigger/webhooks/nightly-regression    asks for it
  rtt secret list
`;

/**
 * `list` reads, `set` and `rotate` write, at a local run or a stack. Neither text nor `--json` has a value in it. Exit
 * code 2: nothing was set.
 */
export function command(session: Session) {
  const set = new Command('set')
    .summary('set the value of a secret')
    .description(
      'Sets a secret: the API key, the signing secret of a webhook, or the URL of the heartbeat.',
    )
    .argument('<name>', 'its name in the triggers file (behind the prefix of its stage)')
    .addHelpText('after', EXAMPLES)
    .action(async (name) => {
      const { target, config } = await openService(session);
      const use = useOf(name, config);
      const value = await readValue(name, session.io);
      const doubt = check(use, value);
      await putSecret(target, name, value);
      answerDone(
        session,
        { secret: name, set: true, ...(doubt !== undefined && { warning: doubt }) },
        `${name} is set: used within five minutes, nothing to deploy${doubt === undefined ? '' : `. It ${doubt}`}`,
      );
    });
  return new Command('secret')
    .description('Lists, sets and rotates the API key and the signing secrets of the webhooks.')
    .addHelpText('after', EXAMPLES)
    .addCommand(listCommand(session))
    .addCommand(set)
    .addCommand(rotateCommand(session));
}

function listCommand(session: Session) {
  return new Command('list')
    .summary('list the secrets, and which have a value')
    .description('Lists the secrets that the service reads, and since when each has its value.')
    .addHelpText('after', LIST_EXAMPLES)
    .action(async () => {
      const { target, config } = await openService(session);
      const uses = secretUses(config);
      const secrets = await Promise.all(
        uses.map(async (use) => {
          const { value, since } = (await readSecret(target, use.secret)) ?? {};
          const judged = judgeSecret(use, value, session.typed);
          const isOfVariable = use.of === 'API' && hasKeyOfVariable(target);
          const told = isOfVariable && !judged.ok ? notUsable(judged) : judged;
          return { secret: use.secret, of: use.of, since, ...told };
        }),
      );
      session.io.exitCode = secrets.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
      answer(session, secrets, (style) =>
        secrets
          .map(({ secret, of, since, found, ok, command: setIt }) => {
            const rows = [
              ['of', of],
              ['since', since && dateTime(since, ownZone())],
              [ok ? 'has a value' : 'not usable', found],
            ] as const;
            const remedy = setIt === undefined ? '' : `  ${style('cyan', setIt)}\n`;
            return `${style('bold', secret)}\n${details(rows, style)}${remedy}`;
          })
          .join(''),
      );
    });
}

/** No command sets a key that is in the environment of the local run. */
function notUsable({ found }: ReturnType<typeof judgeSecret>): ReturnType<typeof judgeSecret> {
  return { found: `${found}; ${START_AGAIN}`, ok: false };
}

const LIST_EXAMPLES = `
Examples:
  rtt secret list
  rtt secret list --json

Exit codes: 0 every secret can be used, 1 not
`;

const ROTATE_EXAMPLES = `
A webhook takes deliveries that are signed with either value until --finish:
1. rotate, 2. give the sender the new value, 3. rotate --finish. The API key has
one value: rtt secret set replaces it.

Examples:
  rtt secret rotate run-test-trigger/webhooks/nightly-regression < new.txt
  rtt secret rotate run-test-trigger/webhooks/nightly-regression --finish
`;

function rotateCommand(session: Session) {
  return new Command('rotate')
    .summary('add a second value to the secret of a webhook, or remove the old one')
    .description('Adds a new value to the secret of a webhook, and later removes the old one.')
    .argument('<name>', 'its name in the triggers file (behind the prefix of its stage)')
    .option('--finish', 'the sender has the new value: remove the old one')
    .addHelpText('after', ROTATE_EXAMPLES)
    .action(async (name, { finish }) => {
      const { target, config } = await openService(session);
      const use = useOf(name, config);
      if (Object.values(config.triggers).every(({ webhook }) => webhook?.secret !== name)) {
        throw new InputError(`${name} has one value: ${session.typed(`secret set ${name}`)}`);
      }
      const stored = await getSecret(target, name);
      const values = stored ? secretEntries(stored) : [];
      const next = finish ? finished(name, values) : await begun(name, values, session.io);
      check(use, next);
      await putSecret(target, name, next);
      const what = finish ? 'has its new value only' : 'takes the new value and the old one';
      const then = finish
        ? ''
        : `. When the sender has it: ${session.typed(`secret rotate ${name} --finish`)}`;
      answerDone(session, { secret: name, values: finish ? 1 : 2 }, `${name} ${what}${then}`);
    });
}

/** The new value stands first. */
async function begun(name: string, values: readonly string[], io: Io): Promise<string> {
  const [old, second] = values;
  if (old === undefined)
    throw new InputError((typed) => `${name} has no value yet: ${typed(`secret set ${name}`)}`);
  if (second !== undefined) {
    throw new InputError(`${name} has two values already: end that rotation with --finish first`);
  }
  return `${await readValue(name, io)} ${old}`;
}

function finished(name: string, [value, old]: readonly string[]): string {
  if (value !== undefined && old !== undefined) return value;
  throw new InputError(`${name} has no second value: nothing to remove`);
}

/**
 * Asks for the value of a secret that has none, and sets it; nothing typed leaves it as it is. Where nobody can be asked, it
 * says which command sets it.
 */
export async function askForSecret(use: SecretUse, target: Target, session: Session) {
  const { io } = session;
  const { secret } = use;
  const later = `${secret} has no value: ${session.typed(`secret set ${secret}`)}\n`;
  const value = io.stdin.isTTY ? (await askFor(secret, io.stdin, io.stderr)).trim() : '';
  if (value === '') return void io.stderr.write(later);
  const { ok, found } = judgeSecret(use, value, session.typed);
  if (!ok) return void io.stderr.write(`Nothing was set. ${found}\n${later}`);
  await putSecret(target, secret, value);
}

function useOf(name: string, config: DeployedConfig): SecretUse {
  const uses = secretUses(config);
  const use = uses.find(({ secret }) => secret === name);
  if (use) return use;
  const names = uses.map(({ secret }) => secret);
  throw new InputError(namedSecret(name, names));
}

/** Returns what is doubtful about the value. */
function check(use: SecretUse, value: string): string | undefined {
  try {
    return use.check(value);
  } catch (error) {
    if (!(error instanceof SecretUnusableError)) throw error;
    throw new InputError(`Nothing was set. ${error.message}`);
  }
}

async function readValue(name: string, { stdin, stderr }: Io): Promise<string> {
  const value = stdin.isTTY ? await askFor(name, stdin, stderr) : await text(stdin);
  if (value.trim()) return value.trim();
  throw new InputError('Nothing was set: no value was given');
}

/** Does not show what is typed. */
async function askFor(name: string, input: Io['stdin'], stderr: Writable): Promise<string> {
  stderr.write(`Value of ${name} (not shown): `);
  const output = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input, output, terminal: true });
  try {
    return await prompt.question('');
  } catch (error) {
    // Ctrl-C or Ctrl-D.
    if (error instanceof Error && error.name === 'AbortError') return '';
    throw error;
  } finally {
    prompt.close();
    stderr.write('\n');
  }
}
