import * as z from 'zod/mini';
import { choiceOfPersonSchema } from './event.ts';

const person = { by: z.string().check(z.minLength(1)), reason: z.string().check(z.minLength(1)) };
const orderSchema = z.discriminatedUnion('order', [
  z.strictObject({ order: z.literal('describe') }),
  z.strictObject({
    order: z.literal('rehearse'),
    trigger: z.string(),
    execute: z.optional(choiceOfPersonSchema),
    evenIfPaused: z.optional(z.boolean()),
  }),
  z.strictObject({ order: z.literal('look'), firing: z.string() }),
  z.strictObject({ order: z.literal('retry'), firing: z.string(), ...person }),
  z.strictObject({
    order: z.literal('pause'),
    trigger: z.optional(z.string()),
    until: z.optional(z.iso.datetime()),
    ...person,
  }),
  z.strictObject({ order: z.literal('resume'), trigger: z.optional(z.string()), ...person }),
]);

/**
 * What a person asks of the service besides a start: `describe` what is deployed, `rehearse` a start without making
 * it, `look` at a firing's execution now instead of at the next sweep, `retry` a firing that needs a decision, `pause`
 * and `resume` a trigger or, without one, all of them.
 */
export type Order = z.infer<typeof orderSchema>;

/** The order in an event; undefined when the event is none. Throws when it is one that cannot be followed. */
export function readOrder(event: unknown): Order | undefined {
  if (typeof event !== 'object' || event === null || !('order' in event)) return undefined;
  const parsed = orderSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new Error(`The order cannot be followed: ${z.prettifyError(parsed.error)}`);
}
