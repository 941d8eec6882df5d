import * as z from 'zod';
import { always, duration } from './leaf.ts';

const overlap = z
  .enum(['skip', 'buffer-one', 'cancel-other', 'allow'])
  .describe(
    'What happens to a firing while another one of its trigger, or an execution of its run test, is not over. skip: it does not start. buffer-one: it starts when that is over; further ones do not start. cancel-other: the trigger’s own execution is cancelled, then it starts. allow: it starts beside it.',
  );
const startDeadline = duration(1, 1440).describe(
  'How long after its scheduled time (and flexible window) or delivery an execution may still be started: 1 minute to 1 day.',
);
const onUnknown = z
  .enum(['hold', 'resend'])
  .describe(
    'When it stays unknown whether an execution was started: hold asks a person, resend starts again and may so run it twice.',
  );
const unknownGrace = duration(1, 1440).describe(
  'How long a lost start may take to show up at the API before it counts as not started: 1 minute to 1 day.',
);
const onMismatch = z
  .enum(['report', 'cancel'])
  .describe(
    'When an execution runs other scenarios than were asked for: report (default) logs it, cancel also cancels that execution.',
  );
const pauseAfterRejected = z
  .int()
  .min(1)
  .max(100)
  .describe(
    'After so many rejected starts in a row the trigger pauses until a person resumes it; at once when the API refuses the key or the plan (401, 402, 403).',
  );

/** The policies of one trigger, with what applies where neither it nor `defaults` says anything. */
export const triggerPolicies = {
  overlap: overlap.prefault('skip'),
  startDeadline: startDeadline.prefault('15 minutes'),
  onUnknown: onUnknown.prefault('hold'),
  unknownGrace: unknownGrace.prefault('10 minutes'),
  onMismatch: onMismatch.exactOptional(),
  pauseAfterRejected: pauseAfterRejected.prefault(5),
};

/** The same policies, in `defaults`. */
export const defaultPolicies = {
  overlap: overlap.exactOptional(),
  startDeadline: startDeadline.exactOptional(),
  onUnknown: onUnknown.exactOptional(),
  unknownGrace: unknownGrace.exactOptional(),
  onMismatch: onMismatch.exactOptional(),
  pauseAfterRejected: pauseAfterRejected.exactOptional(),
};

const count = z.int().min(1).max(1_000_000).exactOptional();

/** How much may be started in a day and a month. */
export const budgetSchema = z
  .strictObject({
    perDay: count.describe('Executions per day, in defaults.timezone.'),
    perMonth: count.describe('Executions per calendar month.'),
    scenariosPerDay: count.describe('Scenarios per day, of all executions together.'),
    scenariosPerMonth: count.describe('Scenarios per calendar month.'),
  })
  .refine((budget) => Object.keys(budget).length > 0, {
    ...always,
    error:
      'says no limit; write at least one of perDay, perMonth, scenariosPerDay, scenariosPerMonth',
  });

const file = z.looseObject({
  defaults: z.record(z.string(), z.unknown()),
  triggers: z.record(z.string(), z.unknown()),
});
const record = z.record(z.string(), z.unknown());

/**
 * A file's content with the policies in `defaults` filled in where a trigger says nothing. Those that are wrong are
 * left out: the schema reports them in their own place.
 */
export function withDefaultPolicies(content: unknown): unknown {
  const { data } = file.safeParse(content);
  if (!data) return content;
  const policies = Object.entries(defaultPolicies).flatMap(([name, schema]) => {
    const value = data.defaults[name];
    return value !== undefined && schema.safeParse(value).success ? [[name, value]] : [];
  });
  const triggers = Object.entries(data.triggers).map(([name, trigger]) => [
    name,
    record.safeParse(trigger).success
      ? { ...Object.fromEntries(policies), ...Object(trigger) }
      : trigger,
  ]);
  return { ...data, triggers: Object.fromEntries(triggers) };
}
