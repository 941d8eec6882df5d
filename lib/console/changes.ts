import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import {
  admissionId,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../lambda/policies/admission-record.ts';
import { newestFirings } from '../views/newest-firings.ts';

const EVERY_MS = 1_000;
const WATCHED_FIRINGS = 30;

/** Yields each time something that the console shows has changed, until `signal` aborts. Looks once a second. */
export async function* changes(
  triggers: readonly string[],
  ledger: Pick<Ledger, 'ofTrigger' | 'readItem'>,
  signal: AbortSignal,
): AsyncGenerator<void> {
  let before = await seen(triggers, ledger);
  while (!signal.aborted) {
    // Ends early with the signal; what it rejects with then says nothing more.
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    const now = await seen(triggers, ledger);
    if (now !== before) yield;
    before = now;
  }
}

/** Differs whenever the newest firings or an admission record do. */
async function seen(
  triggers: readonly string[],
  ledger: Pick<Ledger, 'ofTrigger' | 'readItem'>,
): Promise<string> {
  const wanted = { from: new Date(0), limit: WATCHED_FIRINGS };
  const [firings, records] = await Promise.all([
    Promise.all(triggers.map((name) => newestFirings([name], wanted, ledger))),
    Promise.all(
      [SHARED_ADMISSION, ...triggers.map(admissionId)].map((id) => readAdmissionRecord(id, ledger)),
    ),
  ]);
  return JSON.stringify([firings, records]);
}
