import { hostname, userInfo } from 'node:os';
import { callerArn } from '../target/caller.ts';
import { chooseTarget } from '../target/choose-target.ts';
import type { Target } from '../target/target.ts';
import type { Io } from './io.ts';
import type { Session } from './program.ts';
import { styleFor } from './style.ts';

/** The target that the options and the environment mean, named on stderr first. Throws InputError when there is none. */
export function connect({ io, options }: Session): Promise<Target> {
  const style = styleFor(io.stderr);
  return chooseTarget(options(), io.environment, (name) => {
    io.stderr.write(`${style('dim', `→ ${name}`)}\n`);
  });
}

/** Who gives the command, for the ledger: the IAM caller of a deployed stack, else this machine's user. */
export async function personAt(target: Target, { environment }: Io): Promise<string> {
  const user = environment.LOGNAME || userInfo().username;
  if (target.kind === 'local') return user;
  return (await callerArn(target)) ?? `${user}@${hostname()}`;
}
