import { EVENT_KINDS } from '../firing/event-kind.ts';
import { EVENT_SOURCE, type Published } from '../firing/service-event.ts';
import type { EventBridge } from '../runtime/aws.ts';

/**
 * Puts events on the service's bus. Rejects when any of them was not taken: the caller then publishes all of them
 * again, and consumers recognise copies by their `id`.
 */
export type Publish = (events: readonly Published[]) => Promise<void>;

/** PutEvents takes no more at once (EventBridge API reference): 256 KB of UTF-8, less what is around a detail. */
const MOST_ENTRIES = 10;
const MOST_BYTES = 240_000;

/** In requests of ten events or 240 kB at most, one after the other. */
export function publisher(client: EventBridge, bus: string): Publish {
  return async (events) => {
    for (const part of parts(events)) await putEvents(client, bus, part);
  };
}

function parts(events: readonly Published[]): Published[][] {
  const all: Published[][] = [];
  let bytes = 0;
  for (const event of events) {
    const own = Buffer.byteLength(JSON.stringify(event));
    const last = all.at(-1);
    const fits = last && last.length < MOST_ENTRIES && bytes + own <= MOST_BYTES;
    bytes = fits ? bytes + own : own;
    if (fits) last.push(event);
    else all.push([event]);
  }
  return all;
}

async function putEvents(client: EventBridge, bus: string, events: readonly Published[]) {
  const { FailedEntryCount = 0, Entries = [] } = await client.putEvents({
    Entries: events.map((event) => entryOf(event, bus)),
  });
  if (FailedEntryCount === 0) return;
  const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
  throw new Error(
    `EventBridge did not take ${FailedEntryCount} of ${events.length} events: ${refused?.ErrorCode}: ${refused?.ErrorMessage}`,
  );
}

function entryOf(event: Published, bus: string) {
  return {
    EventBusName: bus,
    Source: EVENT_SOURCE,
    DetailType: detailTypeOf(event),
    Time: new Date(event.time),
    Detail: JSON.stringify(event),
  };
}

function detailTypeOf({ kind }: Published): string {
  if (kind === 'several') return 'Several Events';
  return kind === 'summary' ? 'Summary' : EVENT_KINDS[kind].detailType;
}
