import * as fc from 'fast-check';
import type { Trigger } from '../../lambda/firing/trigger.ts';
import type { Hazard } from './history.ts';

type Overlap = Trigger['overlap'];

const HAZARDS = ['dies before', 'dies after', 'throttled', 'freezes before', 'freezes after'];

/** What the server does with an execute request. */
export type Fate = (typeof FATES)[number];
const FATES = ['well', 'created, reset', 'reset', '429', '403', '404', 'firewall'] as const;

/** Something that happens to two triggers of one run test. */
export type PolicyCommand =
  | { readonly kind: 'fire'; readonly trigger: 0 | 1; readonly hazards: readonly Hazard[] }
  | { readonly kind: 'sweep'; readonly hazards: readonly Hazard[] }
  /** A person has the last firing sent again that waits for that. */
  | { readonly kind: 'retry'; readonly hazards: readonly Hazard[] }
  /** A person starts the run test beside the service; all of its scenarios only minutes away from our requests. */
  | { readonly kind: 'person runs'; readonly scenarios: 'one' | 'all' }
  | { readonly kind: 'pause' | 'resume'; readonly of: 0 | 1 | 'all' }
  | { readonly kind: 'executions end' }
  | { readonly kind: 'time passes'; readonly minutes: number };

/** What two triggers of one run test live through. */
export interface PolicyHistory {
  readonly overlaps: readonly [Overlap, Overlap];
  readonly follow: boolean;
  readonly onUnknown: Trigger['onUnknown'];
  /** Runs per month that each trigger has, and both together; absent, any number. */
  readonly perMonth: number | undefined;
  readonly perMonthOfAll: number;
  readonly fates: readonly Fate[];
  readonly listFails: readonly boolean[];
  /** Commands of one inner list run at the same time. */
  readonly steps: readonly (readonly PolicyCommand[])[];
}

const hazards = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant<Hazard>('none') },
    { weight: 1, arbitrary: fc.constantFrom(...(HAZARDS as Hazard[])) },
  ),
  { maxLength: 24 },
);
const trigger = fc.constantFrom<0 | 1>(0, 1);
const of = fc.constantFrom<0 | 1 | 'all'>(0, 1, 'all');

function kind<K extends PolicyCommand['kind']>(word: K) {
  return fc.constant(word);
}

const command: fc.Arbitrary<PolicyCommand> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: kind('fire'), trigger, hazards }) },
  { weight: 4, arbitrary: fc.record({ kind: kind('sweep'), hazards }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('retry'), hazards }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: kind('person runs'),
      scenarios: fc.constantFrom('one' as const, 'all' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: kind('pause'), of }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('resume'), of }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('executions end') }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('time passes'), minutes: fc.integer({ min: 1, max: 12 }) }),
  },
);

const overlap = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Overlap>('skip') },
  { weight: 4, arbitrary: fc.constantFrom<Overlap>('buffer-one', 'cancel-other', 'allow') },
);

/** Any history of policies; less than 6 h long, so that nothing given up stops blocking. */
export const policyHistory: fc.Arbitrary<PolicyHistory> = fc.record({
  overlaps: fc.tuple(overlap, overlap),
  follow: fc.boolean(),
  onUnknown: fc.constantFrom('hold' as const, 'resend' as const),
  perMonth: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  perMonthOfAll: fc.integer({ min: 1, max: 8 }),
  fates: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant<Fate>('well') },
      { weight: 2, arbitrary: fc.constantFrom<Fate>(...FATES) },
    ),
    { maxLength: 8 },
  ),
  listFails: fc.array(fc.boolean(), { maxLength: 8 }),
  steps: fc.array(fc.array(command, { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 8,
  }),
});
