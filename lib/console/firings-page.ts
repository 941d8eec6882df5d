import * as z from 'zod';
import { type Ledger, type ListedFiring, newestFirst } from '../../lambda/ledger/ledger.ts';
import { InputError } from '../input-error.ts';
import { WORDS } from '../views/firing-word.ts';
import { newestFirings } from '../views/newest-firings.ts';
import { firingRow } from './firing-row.ts';
import type { Source } from './source.ts';

const PAGE_LENGTH = 50;
/** Looked at for a page: what is rare is searched for page by page. */
const MOST_READ = 5_000;

/**
 * A page of the firings that the query asks for: `trigger`, `result`, `cause`, recorded between `from` and `to`, and
 * `after`, which is `next` of the page before. A page that looked at many may have few, or none. The trigger may have
 * been removed.
 */
export async function readFiringsPage(
  query: URLSearchParams,
  { describe }: Pick<Source, 'describe'>,
  ledger: Pick<Ledger, 'ofTrigger' | 'newest'>,
) {
  const { config } = await describe();
  const { trigger, result, cause, after, from, to } = Object.fromEntries(query);
  const position = after === undefined ? undefined : positionIn(after);
  const { firings, stoppedAt } = await newestFirings(
    trigger || undefined,
    {
      from: timeIn(from) ?? new Date(0),
      to: position ? new Date(position.recordedAt) : timeIn(to),
      results: result === undefined ? undefined : [result],
      isWanted: (firing) =>
        (cause === undefined || firing.cause.kind === cause) &&
        (!position || newestFirst(position, firing) < 0),
      limit: PAGE_LENGTH + 1,
      mostRead: MOST_READ,
    },
    ledger,
  );
  const shown = firings.slice(0, PAGE_LENGTH);
  const last = shown.at(-1);
  const others = [...(trigger ? [trigger] : []), ...shown.map((firing) => firing.trigger)];
  const isFull = last !== undefined && firings.length > PAGE_LENGTH;
  // All ids come behind an empty one.
  const next = isFull ? `${last.recordedAt}/${last.id}` : stoppedAt && `${stoppedAt}/`;
  return {
    firings: shown.map(firingRow),
    /** Where the next page begins; absent on the last. */
    ...(next !== undefined && { next }),
    /** What the lists can be filtered by: those that are deployed, and others that are asked for or shown. */
    triggers: [...new Set([...Object.keys(config.triggers), ...others])],
    results: WORDS,
  };
}

/** The page gets it as JSON from `/_console/firings`: 50 firings at most, newest first. */
export type FiringsPage = Awaited<ReturnType<typeof readFiringsPage>>;

function positionIn(text: string): Pick<ListedFiring, 'recordedAt' | 'id'> | undefined {
  const [recordedAt = '', ...rest] = text.split('/');
  return Number.isNaN(Date.parse(recordedAt)) ? undefined : { recordedAt, id: rest.join('/') };
}

function timeIn(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  if (z.iso.datetime().safeParse(text).success) return new Date(text);
  throw new InputError(`${text} is not a time like 2026-11-24T02:00:00.000Z`);
}
