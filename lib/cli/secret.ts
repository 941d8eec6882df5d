import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Command } from '@commander-js/extra-typings';
import type { DeployedConfig } from '../../lambda/config/deployed-config.ts';
import { SecretUnusableError } from '../../lambda/runtime/secrets.ts';
import { type SecretUse, secretUses } from '../doctor/secret-uses.ts';
import { InputError } from '../input-error.ts';
import { sendCommand } from '../target/invoke.ts';
import { putSecret } from '../target/secret.ts';
import type { Target } from '../target/target.ts';
import { connect } from './connect.ts';
import type { Io } from './io.ts';
import { answerDone, type Session } from './program.ts';
import { namedSecret } from './triggers-file.ts';

const EXAMPLES = `
The value comes from standard input, or from a prompt that does not show it: an
argument would be in the shell's history and in the list of processes.

Examples:
  rtt secret set run-test-trigger/api-key < key.txt
  printf %s "$FI_API_KEY" | rtt secret set run-test-trigger/api-key
  rtt secret set run-test-trigger/webhooks/nightly-regression    asks for it
`;

export function secretCommand(session: Session) {
  const set = new Command('set')
    .summary('set the value of a secret')
    .description(
      'Sets a secret: the API key, the signing secret of a webhook, or the URL of the heartbeat.',
    )
    .argument('<name>', 'its name in the triggers file (behind the prefix of its stage)')
    .addHelpText('after', EXAMPLES)
    .action(async (name) => {
      const target = await connect(session);
      const config = await sendCommand(target, { command: 'describe' });
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
    .summary('set the API key or the secret of a webhook')
    .description('Sets secrets: the API key, and the signing secrets of the webhooks.')
    .addHelpText('after', EXAMPLES)
    .addCommand(set);
}

/**
 * Asks for the value of a secret that has none, and sets it; nothing typed leaves it as it is. Where nobody can be asked, it
 * says which command sets it.
 */
export async function askForSecret(use: SecretUse, target: Target, { io }: Session): Promise<void> {
  const { secret } = use;
  const later = `${secret} has no value: rtt secret set ${secret}\n`;
  const value = io.stdin.isTTY ? (await askFor(secret, io.stdin, io.stderr)).trim() : '';
  if (value === '') return void io.stderr.write(later);
  try {
    use.check(value);
  } catch (error) {
    if (!(error instanceof SecretUnusableError)) throw error;
    return void io.stderr.write(`Nothing was set. ${error.message}\n${later}`);
  }
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
