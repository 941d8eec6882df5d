import type { StartedFiring } from '../firing/firing.ts';
import { addMinutes } from '../runtime/time.ts';

/** So that each sweep looks, although none begins on the second. */
export const LEAST_PAUSE_MINUTES = 0.75;
const MOST_PAUSE_MINUTES = 5;

/** While it is not known how long the trigger's runs take: this share of the time that this one has taken. */
const UNKNOWN_SHARE = 0.25;
/** In these shares of the usual time, the end is near. */
const NEAR_FROM = 0.9;
const NEAR_UNTIL = 1.2;
/** The pauses while it is near, and before, as shares of the usual time. */
const NEAR_SHARE = 0.05;
const EARLY_SHARE = 1 / 6;
/** Early, hardly any is over: who fails at once is still seen within this time. */
const MOST_EARLY_MINUTES = 15;

/**
 * When to look at a running execution again: soon where it is young, often when its usual time is nearly over, else the
 * less often the longer it takes. At most 10 looks for 30 minutes where its trigger's runs usually take that long.
 */
export function nextLook(
  { sentAt, usualSeconds = 0 }: Pick<StartedFiring, 'sentAt' | 'usualSeconds'>,
  now: Date,
): Date {
  const minutes = (now.getTime() - new Date(sentAt).getTime()) / 60_000;
  return addMinutes(now, Math.max(LEAST_PAUSE_MINUTES, pause(minutes, usualSeconds / 60)));
}

function pause(minutes: number, usual: number): number {
  if (minutes < usual * NEAR_FROM) {
    return Math.min(usual * EARLY_SHARE, MOST_EARLY_MINUTES, usual * NEAR_FROM - minutes);
  }
  const share = minutes < usual * NEAR_UNTIL ? usual * NEAR_SHARE : minutes * UNKNOWN_SHARE;
  return Math.min(share, MOST_PAUSE_MINUTES);
}
