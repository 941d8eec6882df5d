import type { Ledger } from '../../lambda/ledger/ledger.ts';
import {
  admissionId,
  readAdmissionRecord,
  SHARED_ADMISSION,
} from '../../lambda/policies/admission-record.ts';
import { systemClock } from '../clock.ts';
import type { Target } from '../target/target.ts';
import { newestFirings } from '../views/newest-firings.ts';

/** Of a run on this machine, where thousands of triggers are looked at as well. */
const EVERY_MS = 1_000;
const TRIGGER_MS = 5;
/** Each look at a trigger is a query that a deployed ledger bills. */
const DEPLOYED_EVERY_MS = 2_000;
const DEPLOYED_TRIGGER_MS = 200;
const WATCHED_FIRINGS = 30;

/** How often the ledger is looked at: of a deployed one, at most five triggers a second. */
export function pauseBetweenLooks(kind: Target['kind'], triggers: number): number {
  const [least, each] =
    kind === 'local' ? [EVERY_MS, TRIGGER_MS] : [DEPLOYED_EVERY_MS, DEPLOYED_TRIGGER_MS];
  return Math.max(least, triggers * each);
}

/** Yields each time something that the console shows has changed, until `signal` aborts. */
export async function* changes(
  triggers: readonly string[],
  ledger: Pick<Ledger, 'ofTrigger' | 'readItem'>,
  { signal, everyMs }: { readonly signal: AbortSignal; readonly everyMs: number },
): AsyncGenerator<void> {
  let before = await seen(triggers, ledger);
  while (!signal.aborted) {
    await systemClock.sleep(everyMs, signal);
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
