import * as z from 'zod/mini';
import { RefusedError } from '../runtime/refused.ts';
import { choiceOfPersonSchema } from './event.ts';

const person = { by: z.string().check(z.minLength(1)), reason: z.string().check(z.minLength(1)) };
const commandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('describe') }),
  z.strictObject({
    command: z.literal('dry-run'),
    trigger: z.string(),
    execute: z.optional(choiceOfPersonSchema),
    evenIfPaused: z.optional(z.boolean()),
  }),
  z.strictObject({ command: z.literal('poll'), firing: z.string() }),
  z.strictObject({ command: z.literal('judge'), firing: z.string(), by: person.by }),
  z.strictObject({ command: z.literal('cancel'), firing: z.string(), ...person }),
  z.strictObject({ command: z.literal('reset-reference'), trigger: z.string(), ...person }),
  z.strictObject({
    command: z.literal('retry'),
    firing: z.string(),
    /** The same one again is a repetition of a command that was carried out. */
    requestId: z.optional(z.string()),
    sendAnyway: z.optional(z.boolean()),
    ...person,
  }),
  z.strictObject({
    command: z.literal('pause'),
    trigger: z.optional(z.string()),
    until: z.optional(z.iso.datetime()),
    ...person,
  }),
  z.strictObject({ command: z.literal('resume'), trigger: z.optional(z.string()), ...person }),
]);

/**
 * What a person asks of the service besides a start: `describe` what is deployed, `dryRun` a start without making it,
 * `poll` a firing's execution now instead of at the next sweep, `judge` one that is over again, `cancel` one that
 * runs, `resetReference` of a trigger, so that its earlier runs are compared with no more, `retry` a firing that needs
 * a decision, `pause` and `resume` a trigger or, without one, all of them.
 */
export type Command = z.infer<typeof commandSchema>;

/** The command in an event; undefined when there is none. Throws RefusedError when it cannot be understood. */
export function readCommand(event: unknown): Command | undefined {
  if (typeof event !== 'object' || event === null || !('command' in event)) return undefined;
  const parsed = commandSchema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new RefusedError(`The command is not understood: ${z.prettifyError(parsed.error)}`);
}
