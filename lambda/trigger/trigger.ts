import { advance } from '../advance.ts';
import { type FiringReport, reportOf } from '../firing/firing-report.ts';
import type { Trigger } from '../firing/trigger.ts';
import { record } from '../ledger/record.ts';
import type { StartContext } from '../start/start.ts';
import { parseTriggerEvent } from './event.ts';
import { recordOrphan } from './orphan.ts';

/**
 * A schedule's event or a person's request becomes a firing, which is sent at once. Rejects when it could not be
 * recorded: Lambda then repeats the event and finally hands it to the dead-letter queue. What happens after
 * the recording is in the ledger, and the sweep goes on with it.
 * @param until when the function is killed.
 */
export async function trigger(
  event: unknown,
  triggers: Readonly<Record<string, Trigger>>,
  context: StartContext,
  until: Date,
): Promise<FiringReport> {
  const { occurrence, trigger } = parseTriggerEvent(event, triggers, context.now());
  const { recorded, firing } = trigger
    ? await record(occurrence, trigger, context)
    : await recordOrphan(occurrence, context);
  return reportOf(recorded ? await advance(firing, context, until) : firing, recorded);
}
