import type { DueFiring, Firing } from '../firing/firing.ts';
import { newFiring, type Occurrence } from '../firing/new-firing.ts';
import type { Trigger } from '../firing/trigger.ts';
import { log } from '../runtime/log.ts';
import type { Ledger, LedgerContext } from './ledger.ts';

/**
 * Puts the firing of this occurrence into the ledger. Exactly one caller per cause gets `recorded: true` and goes on;
 * every other gets the firing as it stands and must do nothing else. An occurrence that was taken for missed fires after
 * all when its event comes before the start deadline. Rejects when the ledger cannot be reached.
 * @param planned says how the firing is recorded.
 */
export async function record(
  occurrence: Occurrence,
  trigger: Trigger,
  { ledger, now }: LedgerContext,
  planned = (firing: DueFiring) => firing,
): Promise<{ recorded: boolean; firing: Firing }> {
  const firing = planned(newFiring(occurrence, trigger, now()));
  const result = await recordOrRevive(firing, ledger, now());
  const { id, state, execution } = result.firing;
  const fields = { firing: id, trigger: occurrence.trigger };
  if (result.recorded) log('firing_recorded', { ...fields, cause: occurrence.cause });
  else log('firing_duplicated', { ...fields, state, execution_id: execution?.id });
  return result;
}

async function recordOrRevive(firing: DueFiring, ledger: Ledger, now: Date) {
  const standing = await ledger.record(firing);
  if (standing.firing.state !== 'missed' || now >= new Date(firing.deadline)) return standing;
  const written = await ledger.write(standing.firing, firing);
  return written ? { recorded: true, firing: written } : ledger.record(firing);
}
