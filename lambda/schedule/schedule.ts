/** Which days of a month a cron expression means. Weekdays count from 1, Sunday. */
export type DayRule =
  | { readonly kind: 'dates'; readonly dates: readonly number[] }
  | { readonly kind: 'last-date' }
  | { readonly kind: 'nearest-workday'; readonly date: number }
  | { readonly kind: 'weekdays'; readonly weekdays: readonly number[] }
  | { readonly kind: 'last-weekday'; readonly weekday: number }
  | { readonly kind: 'nth-weekday'; readonly weekday: number; readonly nth: number };

/** The local times of a cron expression. Numbers ascend; an absent field is `*`: every one. */
export interface Cron {
  readonly minutes?: readonly number[] | undefined;
  readonly hours?: readonly number[] | undefined;
  readonly day?: DayRule | undefined;
  readonly months?: readonly number[] | undefined;
  /** 1970 to 2199, as EventBridge Scheduler has them. */
  readonly years?: readonly number[] | undefined;
}

/** The times that a schedule's expression means; `at` is a local time without a zone. */
type ScheduleTimes =
  | ({ readonly kind: 'cron' } & Cron)
  | { readonly kind: 'rate'; readonly minutes: number }
  | { readonly kind: 'at'; readonly at: string };

/** An expression and its times: it is parsed once, so that the functions need no parser. */
export interface Timing {
  /** As EventBridge Scheduler takes it: `cron(0 2 ? * MON-FRI *)`, `rate(6 hours)`, `at(2026-12-24T08:00:00)`. */
  readonly expression: string;
  readonly times: ScheduleTimes;
}

/** When an EventBridge Scheduler schedule fires. */
export interface Schedule extends Timing {
  /** IANA time zone in which cron and at are read. */
  readonly timezone: string;
  /** 0 is off, else 1 to 1440. */
  readonly flexibleWindowMinutes: number;
  /** First and last moment of the schedule, ISO 8601 in UTC. */
  readonly start?: string;
  readonly end?: string;
  readonly enabled: boolean;
}

/** With the name under which it is deployed. */
export interface NamedSchedule extends Schedule {
  /** Unique within the trigger, whatever place it has there: part of EventBridge's name for it and of firing ids. */
  readonly name: string;
}
