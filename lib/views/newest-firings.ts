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
  { from, to }: Period,
  ledger: ReadLedger,
): AsyncGenerator<ListedFiring> {
  const [only, ...others] = triggers;
  if (only === undefined) return;
  const names = new Set(triggers);
  const firings = others.length > 0 ? ledger.newest(from, to) : ledger.ofTrigger(only, from, to);
  for await (const firing of firings) if (names.has(firing.trigger)) yield firing;
}

export interface WantedFirings extends Period {
  /** As `wordOf` gives them; absent: any. */
  readonly results?: readonly string[] | undefined;
  /** Absent: any. */
  readonly isWanted?: ((firing: ListedFiring) => boolean) | undefined;
  readonly limit: number;
}

/**
 * The newest firings of these triggers, newest first. Of one trigger or of thousands, it asks for a few pages only; with
 * `results` or `isWanted`, or of some triggers among many, for as many as it takes to find so many.
 */
export async function newestFirings(
  triggers: readonly string[],
  { results, isWanted, limit, ...period }: WantedFirings,
  ledger: ReadLedger,
): Promise<ListedFiring[]> {
  const found: ListedFiring[] = [];
  for await (const firing of firingsOf(triggers, period, ledger)) {
    // Those of one moment come in any order.
    if (found.length >= limit && firing.recordedAt !== found.at(-1)?.recordedAt) break;
    const isOfResult = results?.includes(wordOf(firing)) ?? true;
    if (isOfResult && (isWanted?.(firing) ?? true)) found.push(firing);
  }
  return found.toSorted(newestFirst).slice(0, limit);
}
