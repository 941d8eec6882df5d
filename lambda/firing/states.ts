import type { Firing, Mismatch, StartedFiring } from './firing.ts';

/** What is true of every firing in a state. A new state does not compile until each question is answered. */
interface StateFacts {
  /**
   * `pending`: it is not known yet whether anything starts. `started`: final unless its execution is followed or is to
   * be cancelled. `final`: nothing more happens unless a person acts.
   */
  readonly phase: 'pending' | 'started' | 'final';
  /** Certainly nothing ran, so its share of the budget is given back. */
  readonly hasNotRun: boolean;
  /**
   * Whether it keeps its slot of its run test where starts may not overlap. `running`: as long as its execution runs.
   * A final one keeps it for a bounded time (`policies/slots.ts`).
   */
  readonly holdsSlot: 'always' | 'running' | 'never';
  /** Whether it has an execution of its own. */
  readonly hasExecution: boolean;
  /** What people are told of it first. */
  readonly headline: string;
  /** What happens next by itself, as long as it is not final. */
  readonly next: string | undefined;
  /** How it looks to people. */
  readonly tone: 'good' | 'busy' | 'bad' | 'quiet';
}

const PENDING = {
  phase: 'pending',
  hasNotRun: false,
  holdsSlot: 'always',
  hasExecution: false,
} as const;
const RAN = {
  phase: 'final',
  hasNotRun: false,
  holdsSlot: 'never',
  hasExecution: true,
  next: undefined,
} as const;
const DID_NOT_RUN = { ...RAN, hasNotRun: true, hasExecution: false } as const;

/** Every question that code asks about a state is answered here: a new state needs one row. */
export const STATES = {
  due: {
    ...PENDING,
    headline: 'Not started yet',
    next: 'It is tried again until its start deadline.',
    tone: 'busy',
  },
  sending: {
    ...PENDING,
    headline: 'Being started',
    next: 'If its function dies before the answer, the executions of the run test show what became of it.',
    tone: 'busy',
  },
  unknown: {
    ...PENDING,
    headline: 'Not known whether it started',
    next: 'The executions of the run test are read once a minute until it is known.',
    tone: 'quiet',
  },
  started: {
    ...RAN,
    phase: 'started',
    holdsSlot: 'running',
    headline: 'Started',
    next: 'Its execution is followed to its end.',
    tone: 'busy',
  },
  completed: { ...RAN, headline: 'Completed', tone: 'good' },
  failed: { ...RAN, headline: 'Failed', tone: 'bad' },
  cancelled: { ...RAN, headline: 'Cancelled', tone: 'quiet' },
  lost: {
    ...RAN,
    holdsSlot: 'running',
    headline: 'Started, but its end is not known',
    tone: 'bad',
  },
  rejected: { ...DID_NOT_RUN, headline: 'Not started: refused', tone: 'bad' },
  unresolved: {
    ...DID_NOT_RUN,
    hasNotRun: false,
    holdsSlot: 'always',
    headline: 'Not known whether it started',
    tone: 'bad',
  },
  expired: { ...DID_NOT_RUN, headline: 'Not started in time', tone: 'bad' },
  /** Its event did not come: the sweep has recorded it. */
  missed: { ...DID_NOT_RUN, headline: 'Did not fire', tone: 'bad' },
  skipped: { ...DID_NOT_RUN, headline: 'Not started: skipped', tone: 'quiet' },
} as const satisfies Record<Firing['state'], StateFacts>;

/** As the ledger, the log, `--json` and events spell it. */
export type State = keyof typeof STATES;

/** For texts from outside, such as a filter of `rtt history`. */
export function isState(text: unknown): text is State {
  return typeof text === 'string' && Object.hasOwn(STATES, text);
}

type StateIn<Phase extends StateFacts['phase']> = {
  [S in State]: (typeof STATES)[S]['phase'] extends Phase ? S : never;
}[State];

/** A firing of which it is not known yet whether it starts anything. */
export type PendingFiring = Extract<Firing, { state: StateIn<'pending'> }>;

/** It has sent nothing, or nobody knows yet whether what it sent has started something. */
export function isPending(firing: Firing): firing is PendingFiring {
  return STATES[firing.state].phase === 'pending';
}

/** Whether nothing happens any more unless a person acts. */
export function isFinal(firing: Firing): boolean {
  if (firing.state !== 'started') return STATES[firing.state].phase === 'final';
  return !awaitsCancel(firing) && (!firing.policy.follow || firing.result !== undefined);
}

/** Where a firing stands and what happens next: a sentence or two. */
export function summaryOf(firing: Firing): string {
  const { headline, next } = STATES[firing.state];
  return isFinal(firing) || next === undefined ? `${headline}.` : `${headline}. ${next}`;
}

/** Whether an execution is still to be cancelled because it runs something else than was asked for. */
export function awaitsCancel(firing: Firing): firing is FiringToCancel {
  const { cancel } = firing.mismatch ?? {};
  const isOwn = firing.execution?.adopted !== true;
  return firing.state === 'started' && isOwn && (cancel === 'due' || cancel === 'sending');
}

/** It runs something else than was asked for, and cancelling that is not confirmed yet. */
export type FiringToCancel = StartedFiring & { readonly mismatch: Mismatch };

/** Polls go on until its execution is over. An execution that is to be cancelled is not followed. */
export function isFollowed(firing: Firing): firing is StartedFiring {
  return firing.state === 'started' && !isFinal(firing) && !awaitsCancel(firing);
}
