import { advance } from '../advance.ts';
import type { Trigger } from '../config/deployed-config.ts';
import type { Core } from '../core.ts';
import { type FiringReport, reportOf } from '../firing/firing-report.ts';
import { record } from '../ledger/record.ts';
import { parseTriggerEvent } from './event.ts';

/**
 * A schedule's event or a manual request becomes a firing, which is sent at once. Rejects when it could not be
 * recorded: Lambda then repeats the event and finally hands it to the dead-letter queue. Whatever happens after
 * the recording is the ledger's business, and the sweep's.
 * @param until when the function is killed.
 */
export async function trigger(
  event: unknown,
  triggers: Readonly<Record<string, Trigger>>,
  core: Core,
  until: Date,
): Promise<FiringReport> {
  const parsed = parseTriggerEvent(event, triggers, core.now());
  const { recorded, firing } = await record(parsed.cause, parsed.trigger, core);
  return reportOf(recorded ? await advance(firing, core, until) : firing, recorded);
}
