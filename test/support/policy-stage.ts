import { onTestFinished } from 'vitest';
import type { Firing } from '../../lambda/firing/firing.ts';
import type { ServiceEvent } from '../../lambda/firing/service-event.ts';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import {
  admissionId,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../lambda/policies/admission-record.ts';
import { addMinutes } from '../../lambda/runtime/time.ts';
import { sweep } from '../../lambda/sweep/sweep.ts';
import { trigger } from '../../lambda/trigger/trigger.ts';
import { captureLog } from './captured-log.ts';
import { clockAt } from './clock.ts';
import { type Core, coreOn, NIGHTLY, newSecrets } from './fixture.ts';
import { startMemoryLedger } from './memory-ledger.ts';
import { startRemoteApi } from './remote-api.ts';

/** A ledger, an API and triggers of one test, at 02:00; `fire` is a person's request. */
export async function policyStage() {
  const log = captureLog();
  const clock = clockAt('2026-11-24T02:00:00Z');
  const memory = await startMemoryLedger();
  const api = await startRemoteApi({ now: clock.now });
  const published: ServiceEvent[] = [];
  const core = coreOn(memory, api, clock, newSecrets(), published);
  onTestFinished(async () => void (await Promise.all([memory.stop(), api.stop()])));
  const { ledger } = memory;

  return {
    ...{ log, clock, api, published, core, ledger },

    fire(
      name: string,
      requestId: string,
      policies: Partial<Trigger> = {},
      { on = core, ...extra }: { on?: Core; evenIfPaused?: boolean } = {},
    ) {
      const triggers = { [name]: { ...NIGHTLY, ...policies } };
      const event = { trigger: name, requestId, ...extra };
      return trigger(event, triggers, on, addMinutes(clock.now(), 1));
    },

    async sweeps(minutes: number, on: Core = core, every = 1): Promise<void> {
      for (let minute = 0; minute < minutes; minute += every) {
        clock.advance(every);
        await sweep(on, addMinutes(clock.now(), 1.5));
      }
    },

    async firingOf(name: string, requestId: string): Promise<Firing> {
      const firing = await ledger.read(`${name}:command:${requestId}`);
      if (!firing) throw new Error(`${requestId} of ${name} is not in the ledger`);
      return firing;
    },

    /** What is counted this month, of a trigger or of all. */
    async runsCounted(name?: string): Promise<number | undefined> {
      const id = name === undefined ? SHARED_ADMISSION : admissionId(name);
      return (await readAdmissionRecord(id, ledger)).spent.month?.runs;
    },

    /** Every execution at the server gets this status. */
    allBecome(status: string): void {
      for (const execution of api.executions) execution.status = status;
    },

    events: (event: string) => log.filter((entry) => entry.event === event),
  };
}
