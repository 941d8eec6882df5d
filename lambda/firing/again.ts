import { randomUUID } from 'node:crypto';
import { addMinutes } from '../runtime/time.ts';
import type { DueFiring, Firing } from './firing.ts';
import { firingId } from './new-firing.ts';
import type { Policies } from './policy.ts';

/**
 * The firing that tries the scenarios again which failed in this one (`retryFailed`); undefined where nothing is tried
 * again. Its id comes from that of this one, so however often it is asked for, it is recorded once. Pure but for its
 * revision.
 */
export function againOf(firing: Firing, now: Date): DueFiring | undefined {
  const { id, trigger, cause, runTestId, execute, policy, result, change } = firing;
  const { times = 0 } = policy.retryFailed ?? {};
  const attempt = cause.kind === 'again' ? cause.attempt : 1;
  const scenarioIds = result?.failedScenarioIds;
  if (attempt > times || firing.judgements || firing.mismatch || !scenarioIds || !runTestId) {
    return undefined;
  }
  const { simulatorId } = execute;
  const next = { kind: 'again', firing: id, attempt: attempt + 1 } as const;
  return {
    id: firingId(trigger, next),
    trigger,
    cause: next,
    ...(change && { change }),
    runTestId,
    execute: { selectAll: false, scenarioIds, ...(simulatorId !== undefined && { simulatorId }) },
    policy: withoutComparison(policy),
    state: 'due',
    revision: randomUUID(),
    recordedAt: now.toISOString(),
    deadline: addMinutes(now, policy.startDeadlineMinutes).toISOString(),
    attempts: [],
    nextCheckAt: now.toISOString(),
  };
}

/** Nothing ran these scenarios alone before: what has nothing to be compared with would always pass. */
function withoutComparison({ expect, ...policy }: Policies): Policies {
  if (!expect) return policy;
  const { noWorseThan, lowerIsBetter, ignoreEvaluations, ...limits } = expect;
  return { ...policy, expect: limits };
}
