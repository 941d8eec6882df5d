import type { Ledger } from './ledger.ts';

/** Whether the ledger has a firing of this name, deployed or not, as far as the index `by-trigger` tells. */
export async function hasFired(
  trigger: string,
  ledger: Pick<Ledger, 'ofTrigger'>,
): Promise<boolean> {
  // DynamoDB refuses an empty key.
  return trigger !== '' && !(await ledger.ofTrigger(trigger).next()).done;
}
