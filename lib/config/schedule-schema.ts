import { createHash } from 'node:crypto';
import { Temporal } from 'temporal-polyfill';
import * as z from 'zod';
import type { NamedSchedule, Timing } from '../../lambda/schedule/schedule.ts';
import { instantOf } from '../../lambda/schedule/wall-clock.ts';
import { readCron } from './cron-expression.ts';
import { readMinutes } from './duration.ts';
import { readScheduleName } from './identifiers.ts';
import { across, always, at, duration, each, type Found, leaf, optional } from './leaf.ts';
import type { Report } from './problem.ts';
import { readAt, readLocalTime, readRate } from './schedule-expression.ts';
import { readTimezone } from './timezone.ts';

const KINDS = ['cron', 'rate', 'at'] as const;

const MOST_WINDOW_MINUTES = 1440;

/** EventBridge Scheduler's flexible time window, of the schedules that say nothing of it. */
export const defaultWindow = duration(1, MOST_WINDOW_MINUTES);

function readWindow(text: string, report: Report): number | undefined {
  return text.trim() === 'none' ? 0 : readMinutes(text, 1, MOST_WINDOW_MINUTES, report);
}

const shape = z.strictObject({
  name: optional(
    leaf(readScheduleName),
    'Part of the ids of its firings, unique within the trigger. Without one, it is made from the expression and the time zone, so that an edited schedule is a new one.',
  ),
  cron: optional(
    leaf(readCron),
    'Minutes, hours, day of month, month, day of week, year as EventBridge Scheduler reads them, with ? in one of the day fields (0 2 ? * MON-FRI *), or the usual five fields (0 2 * * 1-5).',
  ),
  rate: optional(
    leaf(readRate),
    'A fixed interval, counted from start: 30 minutes, 6 hours, 1 day (always 24 hours).',
  ),
  at: optional(leaf(readAt), 'Once, at this local time: 2026-12-24T08:00:00.'),
  timezone: optional(
    leaf(readTimezone),
    'IANA time zone of this schedule. A local time that the clocks skip does not fire; one that they repeat fires once.',
  ),
  flexibleWindow: optional(
    leaf(readWindow),
    'Fires at some time within this length after the scheduled time: 1 minute to 1 day, or none.',
  ),
  start: optional(
    leaf(readMoment),
    'Does not fire before: 2026-12-01T00:00:00 in the time zone, or with an offset. The first moment of a rate.',
  ),
  end: optional(
    leaf(readMoment),
    'Does not fire after: 2026-12-31T00:00:00 in the time zone, or with an offset.',
  ),
  enabled: z.boolean().default(true).describe('false: the schedule stays, but does not fire.'),
});

type Written = z.output<typeof shape>;

/** One entry of `schedules`, with these defaults for what it does not say. */
export function scheduleSchema(defaultTimezone: string, defaultWindowMinutes: number) {
  const exists = (key: LocalKey) =>
    each((written: Written) => skipped(written, key, written.timezone ?? defaultTimezone));
  return shape
    .superRefine(each(wrongKinds), always)
    .superRefine(exists('at'), across('at', 'timezone'))
    .superRefine(exists('start'), across('start', 'timezone'))
    .superRefine(exists('end'), across('end', 'timezone'))
    .refine(
      (written) => isInOrder(written, written.timezone ?? defaultTimezone),
      at(['end', 'start', 'timezone'], 'must be later than start'),
    )
    .meta({ oneOf: KINDS.map((kind) => ({ required: [kind] })) })
    .transform((written) =>
      toSchedule(
        { flexibleWindow: defaultWindowMinutes, ...written },
        written.timezone ?? defaultTimezone,
      ),
    );
}

/** The keys whose value may be a local time, which the clocks of a zone may skip. */
type LocalKey = 'at' | 'start' | 'end';

function wrongKinds(written: object): Found[] {
  const [first, ...more] = KINDS.filter((kind) => kind in written);
  if (first === undefined)
    return [{ path: [], message: 'has no time; write one of cron, rate and at' }];
  const message = `is written beside ${first}; write exactly one of cron, rate and at`;
  const bounds = ['start', 'end'].filter((key) => first === 'at' && key in written);
  return [
    ...more.map((kind) => ({ path: [kind], message })),
    ...bounds.map((key) => ({
      path: [key],
      message: 'has no effect on at, which fires once; remove it',
    })),
  ];
}

function skipped(written: Written, key: LocalKey, timezone: string): Found[] {
  const value = key === 'at' ? localTimeOf(written) : written[key];
  if (!(value instanceof Temporal.PlainDateTime) || instantOf(value, timezone)) return [];
  return [{ path: [key], message: `${value} does not exist in ${timezone}: the clocks skip it` }];
}

function localTimeOf({ at }: Written): Temporal.PlainDateTime | undefined {
  return at?.times.kind === 'at' ? Temporal.PlainDateTime.from(at.times.at) : undefined;
}

function isInOrder({ start, end }: Written, timezone: string): boolean {
  const from = start && toInstant(start, timezone);
  const to = end && toInstant(end, timezone);
  return !from || !to || Temporal.Instant.compare(from, to) < 0;
}

function toSchedule(written: Written, timezone: string): NamedSchedule {
  const timing = written.cron ?? written.rate ?? written.at;
  if (!timing) return z.NEVER;
  const start = written.start && toInstant(written.start, timezone);
  const end = written.end && toInstant(written.end, timezone);
  return {
    ...timing,
    name: written.name ?? defaultName(timing, timezone),
    timezone,
    flexibleWindowMinutes: written.flexibleWindow ?? 0,
    ...(start && { start: start.toString() }),
    ...(end && { end: end.toString() }),
    enabled: written.enabled,
  };
}

/** The same whatever place the schedule has among the others: `cron-1f0c2d3e`. */
function defaultName({ expression, times }: Timing, timezone: string): string {
  const hash = createHash('sha256').update(`${expression} ${timezone}`).digest('hex');
  return `${times.kind}-${hash.slice(0, 8)}`;
}

/** A moment as written: absolute, or local to the schedule's time zone. */
type Moment = Temporal.Instant | Temporal.PlainDateTime;

function readMoment(text: string, report: Report): Moment | undefined {
  const moment = readLocalTime(text) ?? readInstant(text);
  if (!moment)
    report(
      `"${text}" is not a time; write it as 2026-12-24T08:00:00 (in the time zone of the schedule) or with an offset, as 2026-12-24T08:00:00Z`,
    );
  return moment;
}

function readInstant(text: string): Temporal.Instant | undefined {
  const [, local = '', offset = ''] = /^(.*?)(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const time = readLocalTime(local);
  return time && Temporal.Instant.from(`${time}${offset}`);
}

function toInstant(moment: Moment, timezone: string): Temporal.Instant | undefined {
  if (moment instanceof Temporal.Instant) return moment;
  return moment instanceof Temporal.PlainDateTime ? instantOf(moment, timezone) : undefined;
}
