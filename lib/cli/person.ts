import { hostname, userInfo } from 'node:os';
import type { Target } from '../target/target.ts';

/** Who gives the order, for the ledger: the IAM caller of a deployed stack, else this machine's user. */
export async function personAt(target: Target): Promise<string> {
  if (target.kind === 'local') return userInfo().username;
  const { callerArn } = await import('../target/caller.ts');
  return (await callerArn(target)) ?? `${userInfo().username}@${hostname()}`;
}
