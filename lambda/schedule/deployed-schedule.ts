/** Which days of a month a cron expression means. Weekdays count from 1, Sunday. */
export type DayRule =
  | { readonly kind: 'dates'; readonly dates: readonly number[] }
  | { readonly kind: 'last-date' }
  | { readonly kind: 'nearest-workday'; readonly date: number }
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'last-weekday'; readonly weekday: number }
  | { readonly kind: 'nth-weekday'; readonly weekday: number; readonly nth: number };

/** A cron expression: the local times it means, and its text as EventBridge Scheduler takes it. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly day: DayRule;
  readonly months: readonly number[];
  readonly years: readonly number[];
  readonly text: string;
}

/** The times that a schedule's expression means; `at` is a local time without a zone. */
export type ScheduleTimes =
  | { readonly kind: 'cron'; readonly cron: Cron }
  | { readonly kind: 'rate'; readonly minutes: number }
  | { readonly kind: 'at'; readonly at: string };

/** An EventBridge Scheduler schedule as the sweep knows it, so that it sees when one did not fire. */
export interface DeployedSchedule {
  readonly times: ScheduleTimes;
  /** IANA time zone in which cron and at are read. */
  readonly timezone: string;
  /** 0 is off, else 1 to 1440. */
  readonly flexibleWindowMinutes: number;
  /** First and last moment of the schedule, ISO 8601 in UTC. */
  readonly start?: string;
  readonly end?: string;
  readonly enabled: boolean;
}
