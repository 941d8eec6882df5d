import { dateIn } from '../../lambda/policies/budget.ts';
import type { DueTime } from './due-times.ts';
import { wordOf } from './firing-word.ts';

/** What was and will be due on one day of the file's time zone. */
export interface Day {
  /** `2026-11-26`. */
  readonly date: string;
  /** How many there were, by `wordOf`; `nothing` where the ledger has nothing of a due time. */
  readonly words: Readonly<Record<string, number>>;
  readonly ahead: number;
  /** There were more than are counted. */
  readonly isPart?: true;
}

const DAY_MS = 86_400_000;
const DAYS = 7;

/** The dates of the last seven days, today and the next seven, ascending. */
export function weekDates(now: Date, timezone: string): string[] {
  const today = Date.parse(dateIn(timezone, now));
  return Array.from({ length: 2 * DAYS + 1 }, (_, index) =>
    new Date(today + (index - DAYS) * DAY_MS).toISOString().slice(0, 10),
  );
}

interface Times {
  readonly past: readonly DueTime[];
  readonly since?: Date | undefined;
  readonly ahead: readonly Date[];
}

/** Counts by day. `past` is complete from `since` on. Pure. */
export function weekOf(
  dates: readonly string[],
  { past, since, ahead }: Times,
  timezone: string,
): Day[] {
  const ended = Map.groupBy(past, ({ time }) => dateIn(timezone, time));
  const coming = Map.groupBy(ahead, (time) => dateIn(timezone, time));
  const complete = since && dateIn(timezone, since);
  return dates.map((date) => {
    const words = Map.groupBy(ended.get(date) ?? [], ({ firing }) =>
      firing ? wordOf(firing) : NOTHING,
    );
    return {
      date,
      words: Object.fromEntries([...words].map(([word, own]) => [word, own.length])),
      ahead: coming.get(date)?.length ?? 0,
      ...(complete !== undefined && date <= complete && { isPart: true as const }),
    };
  });
}

/** Instead of a firing's word, where the ledger has nothing of a due time. */
export const NOTHING = 'nothing';
