import { createHash } from 'node:crypto';
import { EVENT_KINDS, type EventKind } from '../firing/event-kind.ts';
import type { Published, ServiceEvent, SeveralEvents } from '../firing/service-event.ts';

/** An event that is about to be published, with what went wrong in words that are the same each time. */
export interface Untold {
  readonly event: ServiceEvent;
  readonly causes: readonly string[];
}

type Brief = SeveralEvents['events'][number];

/** More events than these at once are told in one message. */
const MOST_ALONE = 5;
/** So many events are told in one message: an event of the bus has 256 KB (EventBridge quotas). */
export const MOST_IN_ONE = 200;
const REASON_LENGTH = 300;

/** What has the same cause for every trigger, such as a revoked key. How an agent answers is a cause of its own. */
const SHARED: ReadonlySet<EventKind> = new Set([
  'rejected',
  'paused',
  'unresolved',
  'expired',
  'missed',
]);

/**
 * The events of one sweep, and those of which people are told in one message: what has one cause, and what is left
 * when many happen at once. Each event is among them; one that is told in another names it. Pure.
 */
export function together(untold: readonly Untold[], now: Date): Published[] {
  const candidates = untold.filter(({ event }) => isNews(event) && event.kind !== 'started');
  const byCause = [...Map.groupBy(candidates, (one) => causeOf(one, candidates)).values()];
  const shared = byCause.filter((group) => group.length > 1);
  const rest = byCause.filter((group) => group.length === 1).flat();
  const groups = [...shared, ...(rest.length > MOST_ALONE ? [rest] : [])].flatMap(inParts);
  const several = groups.map((group) => severalOf(group, now));
  const toldIn = new Map(several.flatMap(({ id, events }) => events.map((own) => [own.id, id])));
  const events = untold.map(({ event }) => {
    const told_in = toldIn.get(event.id);
    return { ...event, ...(told_in !== undefined && { told_in }) };
  });
  return [...events, ...several];
}

/** Whether people are told of the event itself. */
export function isNews({ repeated, held, told_in }: ServiceEvent): boolean {
  return !repeated && !held && told_in === undefined;
}

/** A trigger that is paused because its start was rejected shares the cause of that. */
function causeOf({ event, causes }: Untold, all: readonly Untold[]): string {
  const { kind, firing, id } = event;
  if (!SHARED.has(kind)) return id;
  if (kind !== 'paused') return JSON.stringify([kind, causes]);
  const rejection = all.find((one) => one.event.kind === 'rejected' && one.event.firing === firing);
  return rejection ? causeOf(rejection, all) : JSON.stringify([kind, causes]);
}

function inParts(group: readonly Untold[]): Untold[][] {
  return Array.from({ length: Math.ceil(group.length / MOST_IN_ONE) }, (_, part) =>
    group.slice(part * MOST_IN_ONE, (part + 1) * MOST_IN_ONE),
  );
}

/** The same events give the same id. */
function severalOf(group: readonly Untold[], now: Date): SeveralEvents {
  const events = inOrder(group.map(({ event }) => briefOf(event)));
  const ids = events.map(({ id }) => id).join();
  const id = `several/${createHash('sha256').update(ids).digest('hex').slice(0, 16)}`;
  return inOneMessage(id, events, now);
}

/** The event of which people are told instead of these. */
export function inOneMessage(id: string, events: readonly Brief[], now: Date): SeveralEvents {
  return {
    version: 1,
    id,
    kind: 'several',
    time: now.toISOString(),
    triggers: [...new Set(events.map(({ trigger }) => trigger))],
    events: [...events],
    repeated: false,
  };
}

/** As much of an event as a message of several says. */
export function briefOf({ reasons: [reason = ''], ...event }: ServiceEvent): Brief {
  const { id, kind, trigger, firing, link } = event;
  return { id, kind, trigger, firing, link, reason: reason.slice(0, REASON_LENGTH) };
}

/** Problems first, and those of one kind side by side. */
export function inOrder(events: readonly Brief[]): Brief[] {
  return events.toSorted((one, other) => orderOf(one).localeCompare(orderOf(other)));
}

function orderOf({ kind, trigger }: Brief): string {
  const order = Object.keys(EVENT_KINDS).indexOf(kind);
  const group = EVENT_KINDS[kind].group === 'problem' ? 0 : 1;
  return `${group}/${String(order).padStart(2, '0')}/${trigger}`;
}
