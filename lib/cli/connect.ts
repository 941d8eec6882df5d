import { hostname, userInfo } from 'node:os';
import { callerArn } from '../target/caller.ts';
import { chooseTarget } from '../target/choose-target.ts';
import { sendCommand } from '../target/invoke.ts';
import { ledgerOf } from '../target/ledger.ts';
import type { Target } from '../target/target.ts';
import { findFiring } from '../views/firing-reference.ts';
import type { Io } from './io.ts';
import type { Session } from './program.ts';
import { styleFor } from './style.ts';
import { namedTriggers } from './triggers-file.ts';

/** The target that the options and the environment mean, named on stderr first. Throws InputError when there is none. */
export function connect({ io, options }: Session): Promise<Target> {
  const style = styleFor(io.stderr);
  return chooseTarget(options(), io.environment, (name) => {
    io.stderr.write(`${style('dim', `→ ${name}`)}\n`);
  });
}

/** The target, what is deployed there, and how a person names parts of it. Throws InputError as `connect` does. */
export async function openService(session: Session) {
  const target = await connect(session);
  const config = await sendCommand(target, { command: 'describe' });
  const names = Object.keys(config.triggers);
  const ledger = ledgerOf(target);
  return {
    target,
    config,
    ledger,
    /** The name itself, or all without one. Throws InputError where there is no such trigger. */
    named: (trigger: string | undefined) => namedTriggers(names, trigger),
    /** Throws InputError where the reference means no single firing. */
    firing: (reference: string) => findFiring(reference, ledger),
  };
}

/** Who gives the command, for the ledger: the IAM caller of a deployed stack, else this machine's user. */
export async function personAt(target: Target, { environment }: Io): Promise<string> {
  const user = environment.LOGNAME || userInfo().username;
  if (target.kind === 'local') return user;
  return (await callerArn(target)) ?? `${user}@${hostname()}`;
}
