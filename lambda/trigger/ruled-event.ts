import * as z from 'zod/mini';
import type { Occurrence } from '../firing/new-firing.ts';
import { overridden } from '../firing/override.ts';
import { EVENT_SOURCE } from '../firing/service-event.ts';
import type { Trigger } from '../firing/trigger.ts';

/** What a rule of EventBridge gives: its own place, and the event as it was sent. */
export const ruledSchema = z.strictObject({
  trigger: z.string(),
  rule: z.int().check(z.nonnegative()),
  event: z.object({
    id: z.string().check(z.minLength(1)),
    source: z.string(),
    time: z.iso.datetime({ offset: true }),
    detail: z.unknown(),
  }),
});
type RuledEvent = z.infer<typeof ruledSchema>;

/** The event as an occurrence: once, however many copies of it there are. */
export function ruledOccurrence({ trigger, event }: RuledEvent, now: Date): Occurrence {
  const eventId = ownDetail(event)?.id ?? event.id;
  const sentAt = new Date(event.time);
  return { trigger, cause: { kind: 'event', eventId }, at: sentAt < now ? sentAt : now };
}

/**
 * The trigger with what the event's detail chose, and how long further events join. Throws when the event must not fire
 * it, or chooses what it may not.
 */
export function ruledTrigger({ trigger: name, rule: index, event }: RuledEvent, trigger: Trigger) {
  const rule = trigger.events?.[index];
  if (!rule) throw new Error(`The trigger ${name} has no events[${index}]: deploy again`);
  const own = ownDetail(event);
  if (own && !('after' in rule && rule.after === own.trigger))
    throw new Error('An event of this service itself fires a trigger only by its key after');
  const { allow = [], coalesceMinutes = 0 } = rule;
  const execute =
    allow.length > 0 ? overridden(trigger.execute, allow, event.detail) : trigger.execute;
  if (typeof execute === 'string') throw new Error(`The event cannot be followed: ${execute}`);
  return { trigger: { ...trigger, execute }, coalesceMinutes };
}

const ownDetailSchema = z.object({ id: z.string(), trigger: z.string() });

/** The service publishes an event at least once: copies have other envelopes, but the same id inside. */
function ownDetail({ source, detail }: RuledEvent['event']) {
  return source === EVENT_SOURCE ? ownDetailSchema.parse(detail) : undefined;
}
