import { addMinutes } from '../runtime/time.ts';
import type { EventKind } from './event-kind.ts';
import type { Firing } from './firing.ts';
import { isFinal, isPending } from './states.ts';

/** The sweep of the next minute is the first to check a firing that a function is starting, and to poll an execution. */
const FIRST_CHECK_MINUTES = 0.75;

/** The firing without what belongs to one state only, with more events to publish. */
export function leaving<F extends Firing>(
  { leaseUntil, reason, decidedAt, expiresAt, outbox = [], ...kept }: F,
  events: readonly EventKind[] = [],
) {
  const all = [...new Set([...outbox, ...events])];
  return { ...kept, ...(all.length > 0 && { outbox: all }) };
}

/** When the sweep checks the firing next: it stays open until then. */
export function checkAt(time: Date): { readonly nextCheckAt: string } {
  return { nextCheckAt: time.toISOString() };
}

/** When the sweep first checks a firing that was recorded, or started, or whose execution is cancelled, now. */
export function firstCheck(now: Date): { readonly nextCheckAt: string } {
  return checkAt(addMinutes(now, FIRST_CHECK_MINUTES));
}

/**
 * When the sweep checks a firing whose start goes on: as before, unless that is over or later than `latest`. Another time
 * costs two write units of the index `open`.
 */
export function checkBy(
  latest: Date,
  { nextCheckAt = '' }: Firing,
  now: Date,
): { readonly nextCheckAt: string } {
  const isInTime = nextCheckAt > now.toISOString() && nextCheckAt <= latest.toISOString();
  return isInTime ? { nextCheckAt } : checkAt(latest);
}

/** Whether it is open and its next check is due. */
export function isCheckDue({ nextCheckAt }: Firing, now: Date): boolean {
  return nextCheckAt !== undefined && new Date(nextCheckAt) <= now;
}

/** What was decided now is final; the sweep publishes it next. */
export function decided(now: Date): { readonly nextCheckAt: string; readonly decidedAt: string } {
  return { ...checkAt(now), decidedAt: now.toISOString() };
}

/** What makes a started firing wait for its first poll, where it is followed, or else for its events to be published. */
export function checkStarted(firing: Firing, now: Date): { readonly nextCheckAt: string } {
  return firing.policy.follow
    ? checkBy(addMinutes(now, FIRST_CHECK_MINUTES), firing, now)
    : checkAt(now);
}

/** The firing when all its events are published: a final one is not checked any more and kept for `retentionDays`. */
export function toPublished(
  firing: Firing,
  { now, retentionDays }: { readonly now: () => Date; readonly retentionDays: number },
): Firing {
  if (isPending(firing) || !isFinal(firing)) {
    const { outbox, ...published } = firing;
    return published;
  }
  const { outbox, nextCheckAt, ...closed } = firing;
  return { ...closed, expiresAt: Math.ceil(now().getTime() / 1000) + retentionDays * 86_400 };
}

/** An SMS has 1,600 characters, and a reason that lists what is wrong could be larger than any item or event. */
const REASON_LENGTH = 1_000;

/** To the length that the ledger and events have for a reason, with `…` where something is cut. */
export function shortened(reason: string): string {
  return reason.length <= REASON_LENGTH ? reason : `${reason.slice(0, REASON_LENGTH - 1)}…`;
}
