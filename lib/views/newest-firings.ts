import { type Ledger, type ListedFiring, newestFirst } from '../../lambda/ledger/ledger.ts';
import { wordOf } from './firing-word.ts';

export interface WantedFirings {
  /** Recorded at this time or after it. */
  readonly from: Date;
  /** Recorded at this time or before it; absent: at any. */
  readonly to?: Date | undefined;
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
  { from, to, results, isWanted, limit }: WantedFirings,
  ledger: Pick<Ledger, 'ofTrigger' | 'newest'>,
): Promise<ListedFiring[]> {
  const [only, ...others] = triggers;
  if (only === undefined) return [];
  const firings = others.length > 0 ? ledger.newest(from, to) : ledger.ofTrigger(only, from, to);
  const names = new Set(triggers);
  const found: ListedFiring[] = [];
  for await (const firing of firings) {
    // Those of one moment come in any order.
    if (found.length >= limit && firing.recordedAt !== found.at(-1)?.recordedAt) break;
    const isOfResult = results?.includes(wordOf(firing)) ?? true;
    const isAsked = names.has(firing.trigger) && isOfResult;
    if (isAsked && (isWanted?.(firing) ?? true)) found.push(firing);
  }
  return found.toSorted(newestFirst).slice(0, limit);
}
