import type { Channel, TriggerNotify } from '../config/deployed-config.ts';
import type { EventKind } from '../firing/event-kind.ts';
import type { Published } from '../firing/service-event.ts';

/** What the attribute `trigger` of a test message has: it is for every subscriber. */
export const TEST = '/test';

/** From `notify` of the triggers file; without channels only the topic is used. */
export interface Routes {
  readonly kinds: readonly EventKind[];
  readonly channels?: Readonly<Record<string, Channel>> | undefined;
  /** By trigger, where it says who is told of it. */
  readonly notifyOf?: Readonly<Record<string, TriggerNotify>>;
}

/**
 * The event as this channel is told of it; of several, those that it is told of. Undefined: it is told of nothing. Pure.
 * @param channel absent: the topic.
 */
export function routed<Event extends Published>(
  event: Event,
  channel: string | undefined,
  routes: Routes,
  now: Date,
): Event | undefined {
  const isTold = (one: { readonly kind: EventKind; readonly trigger: string }) =>
    isRouted(one, channel, routes, now);
  // Of no single trigger, and wished for: it goes to all.
  if (event.kind === 'summary') return event;
  if (event.kind !== 'several') return isTold(event) ? event : undefined;
  const events = event.events.filter(isTold);
  const triggers = event.triggers.filter((name) => events.some(({ trigger }) => trigger === name));
  return events.length > 0 ? { ...event, events, triggers } : undefined;
}

function isRouted(
  { kind, trigger }: { readonly kind: EventKind; readonly trigger: string },
  channel: string | undefined,
  { kinds, channels = {}, notifyOf = {} }: Routes,
  now: Date,
): boolean {
  const own = notifyOf[trigger];
  if (own?.muteUntil !== undefined && now < new Date(own.muteUntil)) return false;
  if (channel === undefined) return kinds.includes(kind);
  const isForIt = own?.channels?.includes(channel) ?? true;
  return isForIt && (channels[channel]?.on ?? kinds).includes(kind);
}
