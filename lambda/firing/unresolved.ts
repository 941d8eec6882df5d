import { log } from '../runtime/log.ts';
import type { Sent } from './doubt.ts';
import type { EventKind } from './event-kind.ts';
import type { Firing, UnresolvedFiring } from './firing.ts';
import { decided, leaving, shortened } from './transition.ts';

/** The firing in doubt that a person has to decide on. */
export function unresolved(firing: Firing & Sent, reason: string, now: Date): UnresolvedFiring {
  const left = withoutExecution(firing, ['unresolved']);
  return { ...left, ...decided(now), state: 'unresolved', reason: shortened(reason) };
}

/** A sent firing that leaves its state, without an execution and what was made of one. */
export function withoutExecution(firing: Firing & Sent, events: readonly EventKind[] = []) {
  const { execution, mismatch, result, ...left } = leaving(firing, events);
  return left;
}

/** An alarm counts this line: the service cannot find out by itself whether the run has started. */
export function logUnresolved({ id, trigger, runTestId, attempts, reason }: Firing): void {
  log('start_unresolved', {
    firing: id,
    trigger,
    run_test_id: runTestId,
    attempt: attempts.length,
    message: reason,
    what_to_do: LOOK_FOR_YOURSELF,
  });
}

const LOOK_FOR_YOURSELF =
  'Look at the run test’s executions in Future AGI; retry the firing only if it did not start.';
