import { isFinalStatus } from '../api/final-status.ts';
import type { ListedExecution } from '../api/future-agi.ts';
import type { Firing, StartedFiring } from '../firing/firing.ts';

/** What is running, or may be, when a firing of the same trigger wants to start. */
export interface Situation {
  /** The firings of slots that are not over. */
  readonly rivals: readonly Firing[];
  /** Executions of the run test that belong to none of the slots, as the server lists them. */
  readonly strangers: readonly ListedExecution[];
  /** The firing that waits already, if it still does and is another one. */
  readonly waiting?: Firing | undefined;
  /** Ids of the rivals that were asked to be cancelled. */
  readonly cancelled: readonly string[];
}

/** What the trigger's `overlap` decides. */
export type OverlapDecision =
  | { readonly kind: 'free' }
  | { readonly kind: 'skip' | 'wait'; readonly reason: string }
  | { readonly kind: 'cancel'; readonly rival: StartedFiring; readonly reason: string };

/** Decides as Temporal's overlap policies do. Pure. */
export function decideOverlap(firing: Firing, situation: Situation): OverlapDecision {
  const running = [...situation.rivals.map(nameOf), ...situation.strangers.map(strangerName)];
  const { overlap } = firing.policy;
  const areNotOver = running.length > 1 ? 'are not over' : 'is not over';
  const reason = `${running.join(' and ')} ${areNotOver} (overlap: ${overlap})`;
  switch (overlap) {
    case 'allow':
      return { kind: 'free' };
    case 'skip':
      return running.length > 0 ? { kind: 'skip', reason } : { kind: 'free' };
    case 'buffer-one':
      if (situation.waiting) {
        return { kind: 'skip', reason: `${situation.waiting.id} is waiting to start already` };
      }
      return running.length > 0 ? { kind: 'wait', reason } : { kind: 'free' };
    case 'cancel-other':
      return decideCancel(firing, situation, reason);
  }
}

/** The latest firing wins: an earlier one that still waits does not cancel it. */
function decideCancel(
  firing: Firing,
  { rivals, strangers, waiting, cancelled }: Situation,
  reason: string,
): OverlapDecision {
  const later = [...rivals, ...(waiting ? [waiting] : [])].find((other) => isLater(other, firing));
  if (later) return { kind: 'skip', reason: `${later.id} came later and replaces it` };
  if (strangers.length > 0) {
    const names = strangers.map(strangerName).join(' and ');
    return { kind: 'skip', reason: `${names} is not this trigger’s to cancel` };
  }
  const rival = rivals.find(
    (each): each is StartedFiring =>
      each.state === 'started' && !each.execution.adopted && !cancelled.includes(each.id),
  );
  if (rival) return { kind: 'cancel', rival, reason };
  return rivals.length > 0 ? { kind: 'wait', reason } : { kind: 'free' };
}

/** An execution that hangs at the server for longer than this stops no other. */
const MOST_RUNNING_MS = 24 * 3_600_000;

/** The listed executions that run, of any origin: those not over, nor too old to be alive. */
export function runningExecutions(
  executions: readonly ListedExecution[],
  now: Date,
): ListedExecution[] {
  return executions.filter((execution, index) => {
    if (isRunning(execution) !== true) return false;
    const { startedAt } = execution;
    return startedAt ? now.getTime() - startedAt.getTime() < MOST_RUNNING_MS : index === 0;
  });
}

/** As the list says; undefined when it does not. An unknown word is not final. */
export function isRunning({ status }: ListedExecution): boolean | undefined {
  return status === 'unknown' ? undefined : !isFinalStatus(status.toLowerCase());
}

/** By when they were recorded; between equals, their ids decide. */
function isLater(one: Firing, other: Firing): boolean {
  return one.recordedAt === other.recordedAt
    ? one.id > other.id
    : one.recordedAt > other.recordedAt;
}

function nameOf({ id, state, execution }: Firing): string {
  return `${id} (${state}${execution ? `, execution ${execution.id}` : ''})`;
}

function strangerName({ id, status }: ListedExecution): string {
  return `execution ${id} (${status.toLowerCase()} at the server)`;
}
