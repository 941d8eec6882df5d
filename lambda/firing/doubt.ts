import type { Attempt, Firing, SendingFiring } from './firing.ts';

/** All that a doubt about a POST is judged by: to what, when, and with which answers. */
export type Sent = Pick<SendingFiring, 'runTestId' | 'sentAt' | 'attempts'>;

/**
 * The attempts that may have started an execution which nobody has found. Each stays in doubt until the opposite is
 * proven, whatever state the firing passes through.
 */
export function attemptsInDoubt({ attempts }: Pick<Firing, 'attempts'>): Attempt[] {
  return attempts.filter(isAttemptInDoubt);
}

/** Whether an attempt may have started an execution which nobody has found. */
export function isAttemptInDoubt({ outcome = 'unknown', executionId }: Attempt): boolean {
  return outcome === 'unknown' && executionId === undefined;
}

/** Whether a firing has an attempt in doubt: then it is never expired, skipped, rejected or refunded. */
export function isInDoubt<F extends Firing>(firing: F): firing is F & Sent {
  const { runTestId, sentAt } = firing;
  return runTestId !== undefined && sentAt !== undefined && attemptsInDoubt(firing).length > 0;
}
