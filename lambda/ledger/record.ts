import type { Trigger } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import type { Firing } from '../firing/firing.ts';
import { type Cause, newFiring } from '../firing/new-firing.ts';
import { log } from '../runtime/log.ts';

/**
 * Puts the firing of this cause into the ledger. Exactly one caller per cause gets `recorded: true` and goes on;
 * every other gets the firing as it stands and must do nothing else. Rejects when the ledger cannot be reached.
 */
export async function record(
  cause: Cause,
  trigger: Trigger,
  core: Core,
): Promise<{ recorded: boolean; firing: Firing }> {
  const result = await core.ledger.record(newFiring(cause, trigger, core.now()));
  const { id, state, executionId } = result.firing;
  if (result.recorded) {
    log('firing_recorded', { firing: id, trigger: cause.trigger, source: cause.source });
  } else {
    log('duplicate', { firing: id, trigger: cause.trigger, state, execution_id: executionId });
  }
  return result;
}
