import { hostname, userInfo } from 'node:os';
import type { Target } from '../target/target.ts';
import type { Io } from './io.ts';

/** Who gives the order, for the ledger: the IAM caller of a deployed stack, else this machine's user. */
export async function personAt(target: Target, { environment }: Io): Promise<string> {
  const user = environment.LOGNAME || userInfo().username;
  if (target.kind === 'local') return user;
  const { callerArn } = await import('../target/caller.ts');
  return (await callerArn(target)) ?? `${user}@${hostname()}`;
}
