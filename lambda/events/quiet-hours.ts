import { Temporal } from 'temporal-polyfill';
import * as z from 'zod/mini';
import { EVENT_KINDS, type EventKind } from '../firing/event-kind.ts';
import type { QuietHours } from '../firing/policy.ts';
import { type ServiceEvent, severalEventsSchema } from '../firing/service-event.ts';
import type { LedgerContext } from '../ledger/ledger.ts';
import type { Publish } from './publish.ts';
import { briefOf, inOneMessage, inOrder, isNews, MOST_IN_ONE, type Untold } from './together.ts';

const ID = '/quiet';
const memoSchema = z.object({
  id: z.string(),
  revision: z.string(),
  from: z.string(),
  /** The end of the quiet hours, in which these events happened. */
  until: z.string(),
  events: severalEventsSchema.shape.events,
});

/** Whom to spare, and when; without `quietHours` nobody. */
export interface QuietContext extends LedgerContext {
  readonly quietHours?: QuietHours;
  readonly notify?: readonly EventKind[];
  readonly channels?: Readonly<Record<string, { readonly on?: readonly EventKind[] }>>;
}

/**
 * The events, of which those that can wait name the message at the end of the quiet hours (`told_in`); it is remembered
 * before they are published. At any other time, and beyond what one message holds, they are as they were.
 */
export async function keepQuiet(
  untold: readonly Untold[],
  context: QuietContext,
): Promise<readonly Untold[]> {
  const { quietHours, ledger, now } = context;
  const quiet = quietHours && quietAt(now(), quietHours);
  const waiting = quiet ? untold.filter(({ event }) => canWait(event, context)) : [];
  if (!quiet || waiting.length === 0) return untold;
  for (;;) {
    const read = await ledger.readItem(ID, memoSchema);
    const isOfAnother = read !== undefined && read.until !== quiet.until;
    // The message of another night is still to be told.
    if (isOfAnother && read.events.length > 0) return untold;
    const kept = isOfAnother ? [] : (read?.events ?? []);
    const known = new Set(kept.map(({ id }) => id));
    const added = waiting.map(({ event }) => briefOf(event)).filter(({ id }) => !known.has(id));
    const events = [...kept, ...added].slice(0, MOST_IN_ONE);
    if (!(await ledger.writeItem(read, { id: ID, ...quiet, events }))) continue;
    const held = new Set(events.map(({ id }) => id));
    const told_in = messageId(quiet.until);
    return untold.map((one) =>
      held.has(one.event.id) ? { ...one, event: { ...one.event, told_in } } : one,
    );
  }
}

/** Publishes what waited, once the quiet hours are over: at least once, and copies have the same id. */
export async function endQuiet({
  ledger,
  publish,
  now,
}: LedgerContext & { readonly publish: Publish }): Promise<void> {
  const read = await ledger.readItem(ID, memoSchema);
  if (!read || read.events.length === 0 || now() < new Date(read.until)) return;
  const message = inOneMessage(messageId(read.until), inOrder(read.events), now());
  await publish([{ ...message, quiet_since: read.from }]);
  await ledger.writeItem(read, { id: ID, from: read.from, until: read.until, events: [] });
}

function messageId(until: string): string {
  return `quiet/${until}`;
}

/** What somebody is told of, and what asks nobody to act at once; the end of a critical problem is waited for. */
function canWait(event: ServiceEvent, { notify = [], channels = {} }: QuietContext): boolean {
  const { kind, ended = [] } = event;
  const told = [notify, ...Object.values(channels).map(({ on = [] }) => on)].flat();
  const isCritical = [kind, ...ended.map((problem) => problem.kind)].some(
    (each) => EVENT_KINDS[each].severity === 'critical',
  );
  return isNews(event) && !isCritical && told.includes(kind);
}

/** The quiet hours at this time; undefined where it is loud. Pure. */
function quietAt(at: Date, { from, until, timezone }: QuietHours) {
  const now = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timezone);
  const on = (days: number, time: string) =>
    now
      .toPlainDate()
      .add({ days })
      .toZonedDateTime({ timeZone: timezone, plainTime: time })
      .toInstant();
  const isOverNight = from >= until;
  const nights = (isOverNight ? [-1, 0] : [0]).map((day) => ({
    from: on(day, from),
    until: on(isOverNight ? day + 1 : day, until),
  }));
  const isNow = nights.find(
    (night) =>
      Temporal.Instant.compare(night.from, now.toInstant()) <= 0 &&
      Temporal.Instant.compare(now.toInstant(), night.until) < 0,
  );
  return isNow && { from: isNow.from.toString(), until: isNow.until.toString() };
}
