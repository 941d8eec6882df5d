import { type Ledger, type ListedFiring, newestFirst } from '../../lambda/ledger/ledger.ts';
import { wordOf } from './firing-word.ts';

type ReadLedger = Pick<Ledger, 'ofTrigger' | 'newest'>;

interface Period {
  readonly from: Date;
  /** Recorded at this time or before it; absent: at any. */
  readonly to?: Date | undefined;
}

/**
 * The firings of this period, newest first, those of one moment in any order: of this trigger, deployed or not, else of
 * all triggers that have ever fired, by their time.
 */
export function firingsOf(
  trigger: string | undefined,
  { from, to }: Period,
  ledger: ReadLedger,
): AsyncGenerator<ListedFiring> {
  return trigger === undefined ? ledger.newest(from, to) : ledger.ofTrigger(trigger, from, to);
}

interface WantedFirings extends Period {
  /** As `wordOf` gives them; absent: any. */
  readonly results?: readonly string[] | undefined;
  /** Absent: any. */
  readonly isWanted?: ((firing: ListedFiring) => boolean) | undefined;
  readonly limit: number;
  /** Looks at so many at most, those of one moment aside; absent: at all. */
  readonly mostRead?: number | undefined;
}

interface FoundFirings {
  /** Newest first. */
  readonly firings: readonly ListedFiring[];
  /** When the first one was recorded that was not looked at; absent: there is none. */
  readonly stoppedAt?: string;
}

/**
 * The newest firings of this trigger, or of all. Of one trigger or of thousands, it asks for a few pages only; with
 * `results` or `isWanted`, for as many as it takes to find so many.
 */
export async function newestFirings(
  trigger: string | undefined,
  { results, isWanted, limit, mostRead = Number.POSITIVE_INFINITY, ...period }: WantedFirings,
  ledger: ReadLedger,
): Promise<FoundFirings> {
  const found: ListedFiring[] = [];
  const sorted = () => found.toSorted(newestFirst).slice(0, limit);
  let read = 0;
  let moment: string | undefined;
  for await (const firing of firingsOf(trigger, period, ledger)) {
    const { recordedAt } = firing;
    // Those of one moment come in any order.
    if (recordedAt !== moment && (found.length >= limit || read >= mostRead)) {
      return { firings: sorted(), stoppedAt: recordedAt };
    }
    moment = recordedAt;
    read += 1;
    const isOfResult = results?.includes(wordOf(firing)) ?? true;
    if (isOfResult && (isWanted?.(firing) ?? true)) found.push(firing);
  }
  return { firings: sorted() };
}
