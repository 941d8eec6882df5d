import * as z from 'zod';
import { MOST_TURNS } from '../../lambda/events/turns.ts';
import { type Policies, policySchema } from '../../lambda/firing/policy.ts';
import { expectSchema } from './expect-schema.ts';
import { always, duration, int, optional } from './leaf.ts';

const { overlap, onUnknown, onMismatch } = policySchema.shape;

/** Lambda keeps an event that waits for 6 hours at most: what is given up then is also too late to start. */
const LONGEST_START_DEADLINE = 360;

const general = z.strictObject({
  overlap: z
    .enum(overlap.options)
    .prefault('skip')
    .describe(
      'What happens to a firing while another one of its trigger, or an execution of its run test, is not over. skip: it does not start. buffer-one: it starts when that is over; further ones do not start. cancel-other: the trigger’s own execution is cancelled, then it starts. allow: it starts beside it.',
    ),
  startDeadline: duration(1, LONGEST_START_DEADLINE)
    .prefault('15 minutes')
    .describe(
      'How long after its scheduled time (and flexible window) or delivery an execution may still be started: 1 minute to 6 hours, as long as Lambda keeps an event that waits.',
    ),
  onUnknown: z
    .enum(onUnknown.options)
    .prefault('hold')
    .describe(
      'When it stays unknown whether an execution was started: hold asks a person, resend starts again and may so run it twice.',
    ),
  unknownGrace: duration(1, 1440)
    .prefault('10 minutes')
    .describe(
      'How long a lost start may take to show up at the API before it counts as not started: 1 minute to 1 day.',
    ),
  onMismatch: optional(
    z.enum(onMismatch.def.innerType.options),
    'When an execution runs other scenarios than were asked for: report (default) logs it, cancel also cancels that execution.',
  ),
  alertAfter: optional(
    int(1, MOST_TURNS),
    'So many runs in a row must fail, or end without a verdict, until people are told; absent: 1. What is not started is told at once.',
  ),
  recoverAfter: optional(
    int(1, MOST_TURNS),
    'So many runs in a row must pass until the trigger counts as well again; absent: 1.',
  ),
  pauseAfterRejected: int(1, 100)
    .prefault(5)
    .describe(
      'After so many rejected starts in a row the trigger pauses until a person resumes it; at once when the API refuses the key or the plan (401, 402, 403).',
    ),
});

const limit = int(1, 1_000_000).exactOptional();

/** Key `budget`, of a trigger and of the whole file: a firing must be within both. */
export const budgetSchema = z
  .strictObject({
    perDay: limit.describe('Executions per day, in defaults.timezone.'),
    perMonth: limit.describe('Executions per calendar month.'),
    scenariosPerDay: limit.describe('Scenarios per day, of all executions together.'),
    scenariosPerMonth: limit.describe('Scenarios per calendar month.'),
  })
  .refine((budget) => Object.keys(budget).length > 0, {
    ...always,
    error:
      'has no limit; write at least one of perDay, perMonth, scenariosPerDay, scenariosPerMonth',
  });

/** How a person writes a key: a length of time has its unit in its value. */
export type Written<Key> = Key extends `${infer Name}Minutes` ? Name : Key;

const NOT_CALLS =
  'must be scenarios: a call that is run again belongs to the same execution and has no id to find it by, so a lost answer could not be told from a run that never began';

/** How a person writes the policies of a trigger. */
export const policyKeys = {
  ...general.shape,
  budget: optional(
    budgetSchema,
    'How much of this trigger may be started; beyond that, firings are skipped.',
  ),
  retryFailed: optional(
    z.strictObject({
      times: int(1, 3).default(1).describe('How often: 1 to 3.'),
      of: z
        .literal('scenarios', { error: NOT_CALLS })
        .default('scenarios')
        .describe('The scenarios of which a call failed, in a new execution.'),
    }),
    'Runs the scenarios that failed once more before people are told, as a firing of its own that counts in the budget. {}: with the defaults.',
  ),
  follow: z
    .boolean()
    .default(true)
    .describe('Whether executions are watched to their end and judged by expect.'),
  maxDuration: duration(1, 10_080)
    .prefault('6 hours')
    .describe('An execution that takes longer counts as lost: 1 minute to 7 days.'),
  expect: expectSchema.exactOptional(),
} satisfies Record<Written<keyof Policies>, z.ZodType>;

/** The policies that `defaults` may set for every trigger. */
export const defaultPolicies = general.exactPartial().shape;

/** What `defaults` gives to each trigger that does not say it itself. */
export interface Defaults {
  readonly timezone: string;
  /** Of schedules. */
  readonly flexibleWindowMinutes: number;
  /** As written, and sound. */
  readonly policies: Readonly<Record<string, unknown>>;
}

/** The policies of `defaults` that are sound; the schema reports the others where they are written. */
export function soundPolicies(defaults: Readonly<Record<string, unknown>>): Defaults['policies'] {
  const sound = Object.entries(defaultPolicies).filter(
    ([name, schema]) => name in defaults && schema.safeParse(defaults[name]).success,
  );
  return Object.fromEntries(sound.map(([name]) => [name, defaults[name]]));
}
