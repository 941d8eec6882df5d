import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { EVENT_KINDS } from '../firing/event-kind.ts';
import { EVENT_SOURCE, type ServiceEvent } from '../firing/service-event.ts';

/**
 * Puts events on the service's bus. Rejects when any of them was not taken: the caller then publishes all of them
 * again, and consumers recognise copies by their `id`.
 */
export type Publish = (events: readonly ServiceEvent[]) => Promise<void>;

/** PutEvents takes no more at once (EventBridge API reference). */
const MOST_ENTRIES = 10;

/** Publishes on the bus of this name. */
export function publisher(client: EventBridgeClient, bus: string): Publish {
  return async (events) => {
    for (let start = 0; start < events.length; start += MOST_ENTRIES) {
      await putEvents(client, bus, events.slice(start, start + MOST_ENTRIES));
    }
  };
}

async function putEvents(
  client: EventBridgeClient,
  bus: string,
  events: readonly ServiceEvent[],
): Promise<void> {
  const { FailedEntryCount = 0, Entries = [] } = await client.send(
    new PutEventsCommand({ Entries: events.map((event) => entryOf(event, bus)) }),
  );
  if (FailedEntryCount === 0) return;
  const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
  throw new Error(
    `EventBridge did not take ${FailedEntryCount} of ${events.length} events: ${refused?.ErrorCode}: ${refused?.ErrorMessage}`,
  );
}

function entryOf(event: ServiceEvent, bus: string) {
  return {
    EventBusName: bus,
    Source: EVENT_SOURCE,
    DetailType: EVENT_KINDS[event.kind].detailType,
    Time: new Date(event.time),
    Detail: JSON.stringify(event),
  };
}
