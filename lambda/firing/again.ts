import type { DueFiring, Firing } from './firing.ts';
import { newFiring } from './new-firing.ts';
import type { Policies } from './policy.ts';
import { checkAt } from './transition.ts';

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
  const source = {
    ...withoutComparison(policy),
    runTestId,
    execute: { selectAll: false, scenarioIds, ...(simulatorId !== undefined && { simulatorId }) },
    schedules: [],
  };
  return { ...newFiring({ trigger, cause: next, at: now, change }, source, now), ...checkAt(now) };
}

/** Nothing ran these scenarios alone before: what has nothing to be compared with would always pass. */
function withoutComparison({ expect, ...policy }: Policies): Policies {
  if (!expect) return policy;
  const { noWorseThan, lowerIsBetter, ignoreEvaluations, ...limits } = expect;
  return { ...policy, expect: limits };
}
