import type { Ledger, ListedFiring } from '../../lambda/ledger/ledger.ts';
import { wordOf } from './firing-word.ts';

/** Which firings a person wants to see. */
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

/** The newest firings of these triggers, newest first. */
export async function newestFirings(
  triggers: readonly string[],
  { from, to, results, isWanted, limit }: WantedFirings,
  ledger: Pick<Ledger, 'ofTrigger'>,
): Promise<ListedFiring[]> {
  const lists = await Promise.all(
    triggers.map(async (trigger) => {
      const found: ListedFiring[] = [];
      for await (const firing of ledger.ofTrigger(trigger, from, to)) {
        const isOfResult = results?.includes(wordOf(firing)) ?? true;
        if (isOfResult && (isWanted?.(firing) ?? true)) found.push(firing);
        if (found.length === limit) break;
      }
      return found;
    }),
  );
  return lists.flat().toSorted(newestFirst).slice(0, limit);
}

/** Orders by the time of recording, the newest first; those of one moment by their ids. */
export function newestFirst(
  a: Pick<ListedFiring, 'recordedAt' | 'id'>,
  b: Pick<ListedFiring, 'recordedAt' | 'id'>,
): number {
  return b.recordedAt.localeCompare(a.recordedAt) || a.id.localeCompare(b.id);
}
