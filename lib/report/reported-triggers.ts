import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { InputError } from '../input-error.ts';
import type { ReportedTrigger } from './html-report.ts';

/** A trigger that fires each minute has 43,200 in 30 days; a page of 50,000 rows has about 20 MB. */
const MOST_FIRINGS = 50_000;

/**
 * The firings, newest first, by these triggers. Throws InputError where they are too many for a page.
 * @param shorter what to type behind `rtt` for a page of fewer.
 */
export async function reportedTriggers(
  triggers: readonly string[],
  firings: AsyncIterable<ListedFiring>,
  shorter: string,
): Promise<ReportedTrigger[]> {
  const all: ListedFiring[] = [];
  for await (const firing of firings) {
    if (all.length === MOST_FIRINGS) {
      throw new InputError(
        (typed) =>
          `These are more than ${MOST_FIRINGS.toLocaleString('en')} firings, too many for one page: name one trigger, or a later time (${typed(shorter)})`,
      );
    }
    all.push(firing);
  }
  const byTrigger = Map.groupBy(all, ({ trigger }) => trigger);
  return triggers.map((trigger) => ({ trigger, firings: byTrigger.get(trigger) ?? [] }));
}
