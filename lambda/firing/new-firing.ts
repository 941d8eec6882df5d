import { createHash, randomUUID } from 'node:crypto';
import { addMinutes } from '../runtime/time.ts';
import type { Change } from './change.ts';
import type { Cause, DueFiring, NotStartedFiring } from './firing.ts';
import { type Policies, policySchema } from './policy.ts';
import { firstCheck } from './transition.ts';
import type { Trigger } from './trigger.ts';

/** Everything a new firing is made of; `at` is when its cause occurred or arrived. */
export interface Occurrence {
  readonly trigger: string;
  readonly cause: Cause;
  readonly at: Date;
  readonly change?: Change | undefined;
}

/** What a firing copies of its trigger. */
export type Source = Policies & Pick<Trigger, 'runTestId' | 'runTest' | 'execute' | 'schedules'>;

/** A new firing, due at once. It carries its request and policies, so a later deployment cannot change it. */
export function newFiring(occurrence: Occurrence, trigger: Source, now: Date): DueFiring {
  const deadline = addMinutes(latestOnTime(occurrence, trigger), trigger.startDeadlineMinutes);
  return {
    id: firingId(occurrence.trigger, occurrence.cause),
    trigger: occurrence.trigger,
    cause: occurrence.cause,
    ...(occurrence.change && { change: occurrence.change }),
    ...(trigger.runTestId !== undefined && { runTestId: trigger.runTestId }),
    ...(trigger.runTest !== undefined && { runTest: trigger.runTest }),
    execute: trigger.execute,
    policy: policySchema.parse(trigger),
    state: 'due',
    revision: randomUUID(),
    recordedAt: now.toISOString(),
    deadline: deadline.toISOString(),
    attempts: [],
    ...firstCheck(now),
  };
}

/**
 * The firing of an occurrence that did not fire until `missedAt`. It has the id of the occurrence, so that the event of
 * the schedule finds it, should it still come.
 */
export function missedFiring(
  occurrence: Occurrence,
  trigger: Trigger,
  missedAt: Date,
  now: Date,
): NotStartedFiring {
  const firing = newFiring(occurrence, trigger, now);
  return {
    ...firing,
    state: 'missed',
    reason: `It was due at ${occurrence.at.toISOString()}, and nothing had fired by ${missedAt.toISOString()}.`,
    outbox: ['missed'],
    nextCheckAt: now.toISOString(),
  };
}

/** Readable, safe in a URL, and the same for every copy of the same occurrence. */
export function firingId(trigger: string, cause: Cause): string {
  switch (cause.kind) {
    case 'schedule': {
      const time = new Date(cause.scheduledTime).toISOString().replace(/\.000Z$/, 'Z');
      return `${trigger}:schedule-${cause.schedule}:${time}`;
    }
    case 'delivery':
      return `${trigger}:delivery:${urlSafe(cause.deliveryId)}`;
    case 'event':
      return `${trigger}:event:${urlSafe(cause.eventId)}`;
    case 'command':
      return `${trigger}:command:${urlSafe(cause.requestId)}`;
    case 'again':
      return `${trigger}:again:${urlSafe(cause.firing)}`;
  }
}

const SAFE_ID = /^(?!sha256-)[\w.-]{1,128}$/;

function urlSafe(id: string): string {
  return SAFE_ID.test(id) ? id : `sha256-${createHash('sha256').update(id).digest('hex')}`;
}

function latestOnTime({ cause, at }: Occurrence, trigger: Source): Date {
  const schedule =
    cause.kind === 'schedule'
      ? trigger.schedules.find(({ name }) => name === cause.schedule)
      : undefined;
  return addMinutes(at, schedule?.flexibleWindowMinutes ?? 0);
}
