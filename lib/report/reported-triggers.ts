import type { ListedFiring } from '../../lambda/ledger/ledger.ts';
import { InputError } from '../input-error.ts';
import type { ReportedTrigger } from './html-report.ts';

/** A trigger that fires each minute has 43,200 in 30 days; a page of 50,000 rows has about 20 MB. */
const MOST_FIRINGS = 50_000;

/**
 * The firings, newest first, by these triggers, without those of others. Throws InputError where they are too many for a
 * page.
 * @param shorter what to type behind `rtt` for a page of fewer.
 */
export async function reportedTriggers(
  triggers: readonly string[],
  firings: AsyncIterable<ListedFiring>,
  shorter: string,
): Promise<ReportedTrigger[]> {
  const byTrigger = new Map(triggers.map((trigger): [string, ListedFiring[]] => [trigger, []]));
  let count = 0;
  for await (const firing of firings) {
    const its = byTrigger.get(firing.trigger);
    if (!its) continue;
    if (count === MOST_FIRINGS) {
      throw new InputError(
        (typed) =>
          `These are more than ${MOST_FIRINGS.toLocaleString('en')} firings, too many for one page: name one trigger, or a later time (${typed(shorter)})`,
      );
    }
    its.push(firing);
    count += 1;
  }
  return Array.from(byTrigger, ([trigger, its]) => ({ trigger, firings: its }));
}
