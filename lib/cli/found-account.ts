import type { TriggersFile } from '../config/schema.ts';
import { readAccount } from '../deploy/account.ts';
import { InputError } from '../input-error.ts';
import { stackNameOf } from '../stack/project.ts';
import { awsFault } from '../target/aws-fault.ts';
import type { Session } from './program.ts';

/** Where it would be deployed, with the options of SDK clients. */
export type FoundAccount = Awaited<ReturnType<typeof findAccount>>;

/** The account and what is deployed there. Throws InputError where a stack is named that this project would not deploy. */
export async function findAccount({ io, options }: Session) {
  const { stack: named, stage, region, profile } = options();
  const stack = stackNameOf(stage);
  if (named !== undefined && named !== stack) {
    throw new InputError(
      `The file is deployed as ${stack}: name its stage with --stage, not a stack`,
    );
  }
  const aws = { ...(region && { region }), ...(profile && { profile }) };
  io.stderr.write(`→ stack ${stack}\n`);
  const account = await readAccount(aws, stack);
  return { account, stack, aws };
}

/** `findAccount`, or why there is none to ask: no credentials, or no region. */
export async function findAccountIfAny(session: Session) {
  try {
    return await findAccount(session);
  } catch (error) {
    const isOffline =
      error instanceof Error &&
      (error.name === 'CredentialsProviderError' || error.message === 'Region is missing');
    if (!isOffline) throw error;
    const why = awsFault(error, session.typed);
    return { why, stack: stackNameOf(session.options().stage) };
  }
}

/** Calls back with a folder with the assembly of this file and with the template, and removes the folder. */
export async function withAssemblyOf(
  config: TriggersFile,
  { io, options }: Session,
  use: (assembly: string, template: unknown) => Promise<void>,
): Promise<void> {
  // Half a second of loading the CDK, which no check of what is deployed needs.
  const { withAssembly } = await import('../stack/synthesize.ts');
  return withAssembly({ config, now: io.clock.now(), stage: options().stage }, use);
}
