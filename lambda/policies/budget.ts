import type { Budget } from '../firing/policy.ts';
import type { AdmissionRecord } from './admission-record.ts';

type Spent = AdmissionRecord['spent'];
type Tally = NonNullable<Spent['day']>;

/** What a start costs, and when. */
export interface Cost {
  /** `2026-11-24`, in the budgets' time zone. */
  readonly date: string;
  readonly scenarios: number;
}

/** What a start comes to: the counters with it, or why the budget has no room for it. */
export type Spending =
  | { readonly kind: 'within'; readonly spent: Spent; readonly warning?: string }
  | { readonly kind: 'over'; readonly reason: string };

/** From this share of a limit on, people are warned, once a period. */
const NEARLY = 0.8;

/** Counts a start in its day and its month, if both have room for it. Pure. */
export function spend(spent: Spent, budget: Budget, cost: Cost): Spending {
  const periods = periodsOf(budget, cost.date);
  const tallies = periods.map((each) => counted(tallyOf(spent, each), each, cost));
  const over = tallies.find(({ reason }) => reason !== undefined)?.reason;
  if (over !== undefined) return { kind: 'over', reason: over };
  const warnings = tallies.flatMap(({ warning }) => warning ?? []);
  const [day, month] = tallies.map(({ tally }) => tally);
  return {
    kind: 'within',
    spent: { day, month },
    ...(warnings.length > 0 && { warning: warnings.join('; ') }),
  };
}

/** How much of one limit of a budget is spent at a date. */
export interface SpentShare {
  /** `2026-11-24` or `2026-11`. */
  readonly period: string;
  readonly unit: 'runs' | 'scenarios';
  readonly spent: number;
  readonly limit: number;
}

/** What is spent of each limit that the budget has. Pure. */
export function spentShares(spent: Spent, budget: Budget, date: string): SpentShare[] {
  return periodsOf(budget, date).flatMap((each) =>
    each.limits.map(({ unit, limit }) => ({
      period: each.key,
      unit,
      spent: tallyOf(spent, each)[unit],
      limit,
    })),
  );
}

/** The counters without a start that did not happen. Those of a period that is over stay as they are. */
export function refunded(spent: Spent, { date, scenarios }: Cost): Spent {
  return adjusted(spent, date, -1, -scenarios);
}

/** The counters when it is known how many scenarios a start ran. */
export function corrected(spent: Spent, { date, scenarios }: Cost, actual: number): Spent {
  return adjusted(spent, date, 0, actual - scenarios);
}

/** The date that the clocks of `timezone` show, as `2026-11-24`. */
export function dateIn(timezone: string, now: Date): string {
  let format = DATE_FORMATS.get(timezone);
  if (!format) {
    // Canadian English writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' });
    DATE_FORMATS.set(timezone, format);
  }
  return format.format(now);
}

/** By zone. Making one takes as long as fifty uses. */
const DATE_FORMATS = new Map<string, Intl.DateTimeFormat>();

type Period = ReturnType<typeof periodsOf>[number];

function periodsOf(budget: Budget, date: string) {
  const { perDay, perMonth, scenariosPerDay, scenariosPerMonth } = budget;
  return [
    { kind: 'day', key: date, limits: limitsOf(perDay, scenariosPerDay) },
    { kind: 'month', key: date.slice(0, 7), limits: limitsOf(perMonth, scenariosPerMonth) },
  ] as const;
}

/** Those that there are. */
function limitsOf(runs: number | undefined, scenarios: number | undefined) {
  const limits = [
    { unit: 'runs', limit: runs } as const,
    { unit: 'scenarios', limit: scenarios } as const,
  ];
  return limits.flatMap(({ unit, limit }) => (limit === undefined ? [] : { unit, limit }));
}

function tallyOf(spent: Spent, { kind, key }: Period): Tally {
  const tally = spent[kind];
  return tally?.period === key ? tally : { period: key, runs: 0, scenarios: 0, warned: false };
}

function counted(before: Tally, period: Period, { scenarios }: Cost) {
  const { kind, key, limits: units } = period;
  const when = kind === 'day' ? `on ${key}` : `in ${key}`;
  const tally = { ...before, runs: before.runs + 1, scenarios: before.scenarios + scenarios };
  const over = units.find(({ unit, limit }) => tally[unit] > limit);
  if (over) {
    const { unit, limit } = over;
    const more = unit === 'scenarios' ? `, and this run has ${scenarios}` : '';
    return { tally, reason: `${before[unit]} of ${limit} ${unit} are spent ${when}${more}` };
  }
  const near = units.find(({ unit, limit }) => tally[unit] >= NEARLY * limit);
  if (!near || before.warned) return { tally };
  const warning = `${tally[near.unit]} of ${near.limit} ${near.unit} are spent ${when}`;
  return { tally: { ...tally, warned: true }, warning };
}

function adjusted(spent: Spent, date: string, runs: number, scenarios: number): Spent {
  const adjust = (tally: Tally | undefined, key: string) =>
    tally?.period === key
      ? { ...tally, runs: tally.runs + runs, scenarios: tally.scenarios + scenarios }
      : tally;
  return { day: adjust(spent.day, date), month: adjust(spent.month, date.slice(0, 7)) };
}
