import type { Firing } from '../firing/firing.ts';
import { newFiring, type Occurrence } from '../firing/new-firing.ts';
import type { Trigger } from '../firing/trigger.ts';
import { log } from '../runtime/log.ts';
import type { LedgerContext } from './ledger.ts';

/**
 * Puts the firing of this occurrence into the ledger. Exactly one caller per cause gets `recorded: true` and goes on;
 * every other gets the firing as it stands and must do nothing else. Rejects when the ledger cannot be reached.
 */
export async function record(
  occurrence: Occurrence,
  trigger: Trigger,
  { ledger, now }: LedgerContext,
): Promise<{ recorded: boolean; firing: Firing }> {
  const result = await ledger.record(newFiring(occurrence, trigger, now()));
  const { id, state, execution } = result.firing;
  const fields = { firing: id, trigger: occurrence.trigger };
  if (result.recorded) log('firing_recorded', { ...fields, cause: occurrence.cause });
  else log('firing_duplicated', { ...fields, state, execution_id: execution?.id });
  return result;
}
