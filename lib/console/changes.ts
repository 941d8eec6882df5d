import * as z from 'zod/mini';
import type { Ledger } from '../../lambda/ledger/ledger.ts';
import { admissionId, SHARED_ADMISSION } from '../../lambda/policies/admission-record.ts';
import { systemClock } from '../clock.ts';
import type { Target } from '../target/target.ts';
import { newestFirings } from '../views/newest-firings.ts';

/** Looks at the ledger: a deployed one bills ten requests of 90 read units or a few more, an hour of which costs a cent. */
export const BETWEEN_LOOKS_MS: Readonly<Record<Target['kind'], number>> = {
  local: 1_000,
  deployed: 5_000,
};
const WATCHED = { from: new Date(0), limit: 30 };
/** As many triggers as a page has. A pause of others shows with the next change. */
const WATCHED_RECORDS = 50;

const revisionSchema = z.object({ id: z.string(), revision: z.string() });

type ReadLedger = Pick<Ledger, 'ofTrigger' | 'newest' | 'open' | 'readItems'>;

/** Yields each time something that the console shows has changed, until `signal` aborts. */
export async function* changes(
  triggers: readonly string[],
  ledger: ReadLedger,
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

/** Differs whenever an open firing, the newest ones or an admission record do. */
async function seen(triggers: readonly string[], ledger: ReadLedger): Promise<string> {
  const records = [SHARED_ADMISSION, ...triggers.slice(0, WATCHED_RECORDS).map(admissionId)];
  const [{ firings }, open, admissions] = await Promise.all([
    newestFirings(undefined, WATCHED, ledger),
    Array.fromAsync(ledger.open()),
    ledger.readItems(records, revisionSchema),
  ]);
  const revisions = admissions.map(({ revision }) => revision).toSorted();
  return JSON.stringify([firings, open, revisions]);
}
