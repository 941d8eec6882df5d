/** How long requests to the API may take, in milliseconds of real time. */
export interface Limits {
  /** For a connection to stand. */
  readonly connectMs: number;
  /** For an execute request: it may create every call before it answers. */
  readonly postMs: number;
  /** With less time than this left, a POST is not worth its risk of an unknown outcome. */
  readonly postLeastMs: number;
  /** For the list of executions before a POST, which must not hold up a start. */
  readonly listBeforeMs: number;
  /** For one page of that list while an unknown outcome is settled. */
  readonly pageMs: number;
  /** Kept back from the caller's time to write the outcome. */
  readonly settleMs: number;
}

/** How long the sender of a delivery waits for an answer at most: some give up after 3 s (Slack). */
export const ANSWER_MS = 2_500;
/** How much of that the answer waits for the start; the rest is for reading what became of it. */
export const START_WAIT_MS = 2_000;
/** What the webhook's function may still take after ANSWER_MS: it answers that it has no answer. */
export const ANSWER_RESERVE_MS = 2_500;

/** What the deployed functions use. `postMs` and a sweep's step fit into every function's time limit. */
export const LIMITS: Limits = {
  connectMs: 5_000,
  postMs: 45_000,
  postLeastMs: 2_000,
  listBeforeMs: 2_500,
  pageMs: 10_000,
  settleMs: 1_000,
};

/** Milliseconds that a request may still take, so that its outcome can be written before `until`. */
export function timeLeft(
  { limits, now }: { readonly limits: Limits; readonly now: () => Date },
  until: Date,
): number {
  return until.getTime() - now().getTime() - limits.settleMs;
}

/**
 * How long a firing in `sending` is left alone. It exceeds every function's time limit (asserted in test/stack), so an
 * expired lease proves that the sender is dead.
 */
export const LEASE_MS = 150_000;
