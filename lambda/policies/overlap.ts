import { isFinalStatus } from '../api/execution-progress.ts';
import type { ListedExecution } from '../api/future-agi.ts';
import type { Firing, StartedFiring } from '../firing/firing.ts';
import type { RunTestRecord } from './run-test-record.ts';

/** What is running, or may be, when a firing wants to start. */
export interface Situation {
  /** The firings of the run test's slots that are not over, of any trigger. */
  readonly rivals: readonly Firing[];
  /** Executions of the run test that belong to none of the slots, as the server lists them. */
  readonly strangers: readonly ListedExecution[];
  /** The firing of the same trigger that waits already, if it still does and is another one. */
  readonly waiting?: Firing | undefined;
  /** Ids of the rivals that were asked to be cancelled. */
  readonly cancelled: readonly string[];
}

/** `rival` is the started firing whose execution is in the way. */
export type OverlapDecision =
  | { readonly kind: 'free' }
  | { readonly kind: 'skip' | 'wait'; readonly reason: string }
  | { readonly kind: 'cancel'; readonly rival: StartedFiring; readonly reason: string };

/** Decides as Temporal's overlap policies do. Pure. */
export function decideOverlap(firing: Firing, situation: Situation): OverlapDecision {
  const running = [...situation.rivals.map(nameOf), ...situation.strangers.map(strangerName)];
  const { overlap } = firing.policy;
  const areNotOver = running.length > 1 ? 'Other runs are not over' : 'Another run is not over';
  const reason = `${areNotOver} (overlap: ${overlap}): ${running.join(' and ')}`;
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

/** The latest firing of a trigger wins: an earlier one that still waits does not cancel it. */
function decideCancel(
  firing: Firing,
  { rivals, strangers, waiting, cancelled }: Situation,
  reason: string,
): OverlapDecision {
  const own = rivals.filter(({ trigger }) => trigger === firing.trigger);
  const later = [...own, ...(waiting ? [waiting] : [])].find((other) => isLater(other, firing));
  if (later) return { kind: 'skip', reason: `${later.id} came later and replaces it` };
  const others = rivals.filter((rival) => !own.includes(rival));
  const foreign = [...others.map(nameOf), ...strangers.map(strangerName)];
  if (foreign.length > 0) {
    const areNot = foreign.length > 1 ? 'are not' : 'is not';
    const reason = `${foreign.join(' and ')} ${areNot} known to be this trigger’s own, and only its own runs are cancelled`;
    return { kind: 'skip', reason };
  }
  const rival = own.find(
    (each): each is StartedFiring =>
      each.state === 'started' && !each.execution.adopted && !cancelled.includes(each.id),
  );
  if (rival) return { kind: 'cancel', rival, reason };
  return own.length > 0 ? { kind: 'wait', reason } : { kind: 'free' };
}

/**
 * What nobody follows blocks others for this long: an execution that hangs at the server, one that was lost, a start
 * that stayed unresolved. Well below a day, so that it costs one night at most.
 */
export const MOST_BLOCKING_MS = 6 * 3_600_000;

/** The newest execution where the list does not tell since when it runs, and when it was first seen. */
export type Undated = RunTestRecord['undated'];

/** What of the listed executions cannot be told the age of: the newest one, since it was first seen. */
export function undatedIn(
  [newest]: readonly ListedExecution[],
  known: Undated,
  now: Date,
): Undated {
  if (!newest || newest.startedAt || isRunning(newest) !== true) return undefined;
  return known?.execution === newest.id
    ? known
    : { execution: newest.id, since: now.toISOString() };
}

/** The listed executions that run, of any origin: those not over, nor too old to be alive. */
export function runningExecutions(
  executions: readonly ListedExecution[],
  undated: Undated,
  now: Date,
): ListedExecution[] {
  return executions.filter((execution) => {
    if (isRunning(execution) !== true) return false;
    const isUndated = undated?.execution === execution.id;
    const since = execution.startedAt ?? (isUndated ? new Date(undated.since) : undefined);
    return since !== undefined && now.getTime() - since.getTime() < MOST_BLOCKING_MS;
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
