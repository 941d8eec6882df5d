import { type Ledger, type ListedFiring, newestFirst } from '../../lambda/ledger/ledger.ts';
import { wordOf } from './firing-word.ts';

type ReadLedger = Pick<Ledger, 'ofTrigger' | 'newest'>;

interface Period {
  readonly from: Date;
  /** Recorded at this time or before it; absent: at any. */
  readonly to?: Date | undefined;
}

/**
 * The firings of these triggers in this period, newest first, those of one moment in any order. Of one trigger it is a
 * query of its own, else it reads the firings of all triggers by their time: it never asks each trigger.
 */
export async function* firingsOf(
  triggers: readonly string[],
  period: Period,
  ledger: ReadLedger,
): AsyncGenerator<ListedFiring> {
  const names = new Set(triggers);
  for await (const firing of firingsAround(triggers, period, ledger)) {
    if (names.has(firing.trigger)) yield firing;
  }
}

/** The same and, where there are several triggers, what others have fired meanwhile. */
async function* firingsAround(
  [only, ...others]: readonly string[],
  { from, to }: Period,
  ledger: ReadLedger,
): AsyncGenerator<ListedFiring> {
  if (only === undefined) return;
  yield* others.length > 0 ? ledger.newest(from, to) : ledger.ofTrigger(only, from, to);
}

interface WantedFirings extends Period {
  /** As `wordOf` gives them; absent: any. */
  readonly results?: readonly string[] | undefined;
  /** Absent: any. */
  readonly isWanted?: ((firing: ListedFiring) => boolean) | undefined;
  readonly limit: number;
  /** Looks at so many at most, of any trigger, those of one moment aside; absent: at all. */
  readonly mostRead?: number | undefined;
}

interface FoundFirings {
  /** Newest first. */
  readonly firings: readonly ListedFiring[];
  /** When the first one was recorded that was not looked at; absent: there is none. */
  readonly stoppedAt?: string;
}

/**
 * The newest firings of these triggers. Of one trigger or of thousands, it asks for a few pages only; with `results` or
 * `isWanted`, or of some triggers among many, for as many as it takes to find so many.
 */
export async function newestFirings(
  triggers: readonly string[],
  { results, isWanted, limit, mostRead = Number.POSITIVE_INFINITY, ...period }: WantedFirings,
  ledger: ReadLedger,
): Promise<FoundFirings> {
  const names = new Set(triggers);
  const found: ListedFiring[] = [];
  const sorted = () => found.toSorted(newestFirst).slice(0, limit);
  let read = 0;
  let moment: string | undefined;
  for await (const firing of firingsAround(triggers, period, ledger)) {
    const { recordedAt, trigger } = firing;
    // Those of one moment come in any order.
    if (recordedAt !== moment && (found.length >= limit || read >= mostRead)) {
      return { firings: sorted(), stoppedAt: recordedAt };
    }
    moment = recordedAt;
    read += 1;
    const isOfResult = results?.includes(wordOf(firing)) ?? true;
    if (names.has(trigger) && isOfResult && (isWanted?.(firing) ?? true)) found.push(firing);
  }
  return { firings: sorted() };
}
