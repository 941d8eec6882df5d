import * as fc from 'fast-check';
import type { Trigger } from '../../lambda/firing/trigger.ts';

/** What may befall a function at a point where it waits for the ledger. A frozen one goes on during a later step. */
export type Hazard = (typeof HAZARDS)[number] | 'none';
const HAZARDS = [
  'dies before',
  'dies after',
  'throttled',
  'freezes before',
  'freezes after',
] as const;

/** What may befall an execute request. */
type Fate = (typeof FATES)[number];
const FATES = [
  'well',
  'created, reset',
  'reset',
  'created, 502',
  '500',
  '429',
  '403',
  'created, garbage',
  'created, 400',
] as const;

/** Something that happens to the service. */
export type Command =
  | { readonly kind: 'fire'; readonly cause: number; readonly hazards: readonly Hazard[] }
  | { readonly kind: 'sweep'; readonly hazards: readonly Hazard[] }
  /** A person has a firing sent again, if it waits for that. */
  | {
      readonly kind: 'retry';
      readonly cause: number;
      readonly sendAnyway: boolean;
      readonly hazards: readonly Hazard[];
    }
  /** A person starts the run test beside the service; all of its scenarios only minutes away from our requests. */
  | { readonly kind: 'person runs'; readonly scenarios: 'one' | 'all' }
  | { readonly kind: 'time passes'; readonly minutes: number }
  /** Our clock is set this far from the server's, which is right. */
  | { readonly kind: 'clock jumps'; readonly minutes: number };

/** What happens to the triggers of one run test. */
export interface History {
  readonly isBudgeted: boolean;
  /** Whether a person has everything sent again, once, that waits for that in the end. */
  readonly isRetried: boolean;
  readonly overlap: Trigger['overlap'];
  readonly onUnknown: Trigger['onUnknown'];
  readonly fates: readonly Fate[];
  readonly listFails: readonly boolean[];
  /** Commands of one inner list run at the same time. */
  readonly steps: readonly (readonly Command[])[];
}

const cause = fc.nat(2);
const hazards = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Hazard>('none') },
    { weight: 2, arbitrary: fc.constantFrom<Hazard>(...HAZARDS) },
  ),
  { maxLength: 14 },
);

function kind<K extends Command['kind']>(word: K) {
  return fc.constant(word);
}

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: kind('fire'), cause, hazards }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('sweep'), hazards }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('retry'),
      cause,
      sendAnyway: fc.oneof(
        { weight: 3, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      hazards,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('person runs'),
      scenarios: fc.constantFrom('one' as const, 'all' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: kind('time passes'), minutes: fc.integer({ min: 1, max: 20 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: kind('clock jumps'), minutes: fc.integer({ min: -10, max: 10 }) }),
  },
);

const fate = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Fate>('well') },
  { weight: 2, arbitrary: fc.constantFrom<Fate>(...FATES) },
);

/** Any history. */
export const history: fc.Arbitrary<History> = fc.record({
  isBudgeted: fc.boolean(),
  isRetried: fc.boolean(),
  overlap: fc.oneof(
    { weight: 3, arbitrary: fc.constant('allow' as const) },
    { weight: 2, arbitrary: fc.constantFrom('skip', 'buffer-one') },
    // Rarely gets as far as to cancel: one has to run by then.
    { weight: 3, arbitrary: fc.constant('cancel-other' as const) },
  ),
  onUnknown: fc.oneof(
    { weight: 1, arbitrary: fc.constant('hold' as const) },
    { weight: 1, arbitrary: fc.constant('resend' as const) },
  ),
  fates: fc.array(fate, { maxLength: 6 }),
  listFails: fc.array(fc.boolean(), { maxLength: 6 }),
  steps: fc.array(fc.array(command, { minLength: 1, maxLength: 3 }), {
    minLength: 2,
    maxLength: 7,
  }),
});
