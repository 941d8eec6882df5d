import * as z from 'zod/mini';
import type { Trigger } from '../shared/deployed-config.ts';
import type { Cause } from '../shared/firing.ts';

const scheduledSchema = z.strictObject({
  trigger: z.string(),
  schedule: z.int().check(z.nonnegative()),
  scheduledTime: z.iso.datetime(),
});
const manualSchema = z.strictObject({
  trigger: z.string(),
  requestId: z.string().check(z.minLength(1)),
  evenIfPaused: z.optional(z.boolean()),
});
const eventSchema = z.union([scheduledSchema, manualSchema]);

/** What the event asks for, with the trigger it names. Throws when it names none that is deployed. */
export function parseTriggerEvent(
  event: unknown,
  triggers: Readonly<Record<string, Trigger>>,
  now: Date,
): { cause: Cause; trigger: Trigger } {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    throw new Error(
      'The event is neither {trigger, schedule, scheduledTime} nor {trigger, requestId, evenIfPaused?}: ' +
        JSON.stringify(event)?.slice(0, 500),
    );
  }
  const name = parsed.data.trigger;
  const trigger = Object.hasOwn(triggers, name) ? triggers[name] : undefined;
  if (!trigger) {
    throw new Error(
      `No trigger "${name}" is deployed. Deployed: ${Object.keys(triggers).join(', ')}`,
    );
  }
  return { cause: causeOf(parsed.data, now), trigger };
}

function causeOf(event: z.infer<typeof eventSchema>, now: Date): Cause {
  if ('requestId' in event) {
    const { trigger, requestId, evenIfPaused } = event;
    const consent = evenIfPaused ? { evenIfPaused } : {};
    return { trigger, source: { kind: 'manual', requestId, ...consent }, at: now };
  }
  const { trigger, schedule, scheduledTime } = event;
  return {
    trigger,
    source: { kind: 'schedule', schedule, scheduledTime },
    at: new Date(scheduledTime),
  };
}
