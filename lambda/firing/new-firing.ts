import { createHash, randomUUID } from 'node:crypto';
import type { ExecuteRequest, Expectation, Trigger } from '../config/deployed-config.ts';
import { addMinutes, type Firing, type Source } from './firing.ts';

/** Everything a new firing is made of; `at` is when its cause occurred or arrived. */
export interface Cause {
  readonly trigger: string;
  readonly source: Source;
  readonly at: Date;
}

/** A new firing, due at once. It carries its request and policies, so a later deployment cannot change it. */
export function newFiring(cause: Cause, trigger: Trigger, now: Date): Firing {
  const deadline = addMinutes(latestOnTime(cause, trigger), trigger.startDeadlineMinutes);
  return {
    id: firingId(cause.trigger, cause.source),
    trigger: cause.trigger,
    source: cause.source,
    ...(trigger.runTestId !== undefined && { runTestId: trigger.runTestId }),
    ...(trigger.runTest !== undefined && { runTest: trigger.runTest }),
    execute: copyOf(trigger.execute),
    policy: {
      startDeadlineMinutes: trigger.startDeadlineMinutes,
      onUnknown: trigger.onUnknown,
      unknownGraceMinutes: trigger.unknownGraceMinutes,
      ...(trigger.onMismatch && { onMismatch: trigger.onMismatch }),
      follow: trigger.follow,
      maxDurationMinutes: trigger.maxDurationMinutes,
      ...(trigger.expect && { expect: copyOfExpectation(trigger.expect) }),
      overlap: trigger.overlap,
      ...(trigger.budget && { budget: { ...trigger.budget } }),
      pauseAfterRejected: trigger.pauseAfterRejected,
    },
    state: 'due',
    revision: randomUUID(),
    recordedAt: now.toISOString(),
    deadline: deadline.toISOString(),
    attempts: [],
    open: 'open',
    nextCheckAt: addMinutes(now, 1).toISOString(),
  };
}

/** Readable, safe in a URL, and the same for every copy of the same occurrence. */
export function firingId(trigger: string, source: Source): string {
  switch (source.kind) {
    case 'schedule': {
      const time = new Date(source.scheduledTime).toISOString().replace(/\.000Z$/, 'Z');
      return `${trigger}:schedule-${source.schedule}:${time}`;
    }
    case 'delivery':
      return `${trigger}:delivery:${urlSafe(source.deliveryId)}`;
    case 'manual':
      return `${trigger}:manual:${urlSafe(source.requestId)}`;
  }
}

/** The request as a ledger item holds it. */
function copyOf({ scenarios, ...request }: ExecuteRequest): Firing['execute'] {
  return {
    ...request,
    scenarioIds: [...request.scenarioIds],
    ...(scenarios && { scenarios: [...scenarios] }),
  };
}

function copyOfExpectation({ minEvaluation, ...expect }: Expectation) {
  return { ...expect, ...(minEvaluation && { minEvaluation: { ...minEvaluation } }) };
}

const SAFE_ID = /^(?!sha256-)[\w.-]{1,128}$/;

function urlSafe(id: string): string {
  return SAFE_ID.test(id) ? id : `sha256-${createHash('sha256').update(id).digest('hex')}`;
}

function latestOnTime({ source, at }: Cause, trigger: Trigger): Date {
  const schedule = source.kind === 'schedule' ? trigger.schedules[source.schedule] : undefined;
  return addMinutes(at, schedule?.flexibleWindowMinutes ?? 0);
}
