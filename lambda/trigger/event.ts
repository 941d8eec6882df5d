import * as z from 'zod/mini';
import { didYouMean } from '../api/did-you-mean.ts';
import { type Choice, choiceSchema, chosen } from '../firing/choice.ts';
import type { Occurrence } from '../firing/new-firing.ts';
import { overridden } from '../firing/override.ts';
import { MAX_SCENARIO_IDS } from '../firing/selection.ts';
import { EVENT_SOURCE } from '../firing/service-event.ts';
import type { Trigger } from '../firing/trigger.ts';
import { firstOf } from '../runtime/first-of.ts';
import { RefusedError } from '../runtime/refused.ts';

const scheduledSchema = z.strictObject({
  trigger: z.string(),
  schedule: z.string(),
  scheduledTime: z.iso.datetime(),
});
/** A person knows scenarios by their names as well. */
export const choiceOfPersonSchema = z.strictObject({
  ...choiceSchema.shape,
  scenarios: z.optional(
    z.array(z.string().check(z.minLength(1))).check(z.maxLength(MAX_SCENARIO_IDS)),
  ),
});
const requestSchema = z.strictObject({
  trigger: z.string(),
  requestId: z.string().check(z.minLength(1)),
  execute: z.optional(choiceOfPersonSchema),
  evenIfPaused: z.optional(z.boolean()),
});
/** What a rule of EventBridge gives: its own place, and the event as it was sent. */
const ruledSchema = z.strictObject({
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

const eventSchema = z.union([scheduledSchema, ruledSchema, requestSchema]);

/** What fires a trigger, and the trigger with what was chosen for this firing. */
export interface Asked {
  readonly occurrence: Occurrence;
  /** Undefined where an event of a schedule or a rule outlived its trigger. */
  readonly trigger: Trigger | undefined;
  /** How long further events join this firing; 0 where each fires. */
  readonly coalesceMinutes: number;
}

/** What the event asks for. Throws RefusedError where a person names a trigger that is not deployed. */
export function parseTriggerEvent(
  event: unknown,
  triggers: Readonly<Record<string, Trigger>>,
  now: Date,
): Asked {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    throw new Error(
      'The event is neither {trigger, schedule, scheduledTime} nor {trigger, rule, event} nor {trigger, requestId, execute?, evenIfPaused?}: ' +
        JSON.stringify(event)?.slice(0, 500),
    );
  }
  const { data } = parsed;
  const occurrence = occurrenceOf(data, now);
  if (!('requestId' in data) && !Object.hasOwn(triggers, data.trigger)) {
    return { occurrence, trigger: undefined, coalesceMinutes: 0 };
  }
  const trigger = deployedTrigger(data.trigger, triggers);
  if ('event' in data) return { occurrence, ...ruledTrigger(data, trigger) };
  const choice = 'execute' in data ? data.execute : undefined;
  return {
    occurrence,
    trigger: choice ? withChoice(trigger, choice) : trigger,
    coalesceMinutes: 0,
  };
}

/** The trigger of this name. Throws RefusedError with the names of those that there are. */
export function deployedTrigger(
  name: string,
  triggers: Readonly<Record<string, Trigger>>,
): Trigger {
  const trigger = Object.hasOwn(triggers, name) ? triggers[name] : undefined;
  if (trigger) return trigger;
  const names = Object.keys(triggers);
  const near = didYouMean(name, names) || '.';
  throw new RefusedError(
    `No trigger "${name}" is deployed${near} Deployed: ${firstOf(names).join(', ')}`,
  );
}

/** The trigger with what a person chose for one firing. Throws RefusedError when that would run every scenario. */
export function withChoice(trigger: Trigger, choice: Choice): Trigger {
  const execute = chosen(trigger.execute, choice);
  if (typeof execute === 'string')
    throw new RefusedError(`What was chosen cannot be started: ${execute}`);
  return { ...trigger, execute };
}

function occurrenceOf(event: z.infer<typeof eventSchema>, now: Date): Occurrence {
  if ('event' in event) return ruledOccurrence(event, now);
  if ('requestId' in event) {
    const { trigger, requestId, evenIfPaused } = event;
    const consent = evenIfPaused ? { evenIfPaused } : {};
    return { trigger, cause: { kind: 'command', requestId, ...consent }, at: now };
  }
  const { trigger, schedule, scheduledTime } = event;
  return {
    trigger,
    cause: { kind: 'schedule', schedule, scheduledTime },
    at: new Date(scheduledTime),
  };
}

/** The event as an occurrence: once, however many copies of it there are. */
function ruledOccurrence({ trigger, event }: RuledEvent, now: Date): Occurrence {
  const eventId = ownDetail(event)?.id ?? event.id;
  const sentAt = new Date(event.time);
  return { trigger, cause: { kind: 'event', eventId }, at: sentAt < now ? sentAt : now };
}

/**
 * The trigger with what the event's detail chose, and how long further events join. Throws when the event must not fire
 * it, or chooses what it may not.
 */
function ruledTrigger({ trigger: name, rule: index, event }: RuledEvent, trigger: Trigger) {
  const rule = trigger.events?.[index];
  if (!rule) throw new Error(`The trigger ${name} has no events[${index}]: deploy again`);
  const own = ownDetail(event);
  if (own && !('after' in rule && rule.after === own.trigger))
    throw new Error(
      'An event of this service fires only the triggers that name its trigger with after',
    );
  const { allow = [], coalesceMinutes = 0 } = rule;
  const execute =
    allow.length > 0 ? overridden(trigger.execute, allow, event.detail) : trigger.execute;
  if (typeof execute === 'string')
    throw new Error(`What the event chooses cannot be started: ${execute}`);
  return { trigger: { ...trigger, execute }, coalesceMinutes };
}

const ownDetailSchema = z.object({ id: z.string(), trigger: z.string() });

/** The service publishes an event at least once: copies have other envelopes, but the same id inside. */
function ownDetail({ source, detail }: RuledEvent['event']) {
  return source === EVENT_SOURCE ? ownDetailSchema.parse(detail) : undefined;
}
