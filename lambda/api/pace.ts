/** When starts may leave: as fast as the server takes them. Moments are epoch milliseconds. */
export interface Pace {
  /** How long the next start still has to wait; at most a minute. */
  waitMs(now: number): number;
  leaves(now: number): void;
  /** The server has answered 429, with its wish when it wants to be asked again. */
  throttled(now: number, retryAfterMs: number | undefined): void;
}

/** Starts a second at first. Until the first 429, they double each second. */
const FIRST_RATE = 16;
const LEAST_RATE = 0.1;
/** Without a wish of the server. */
const HOLD_MS = 1_000;
/** After this, whatever its wish, one start asks the server again. */
const MOST_HOLD_MS = 60_000;
/**
 * After a 429, a pace begins with this part of its rate and is back at it after some seconds: twice as many each time that
 * much the same rate was found to be too much, so that a rate that is well known is tried rarely.
 */
const KEPT = 0.95;
const LEAST_BACK_S = 4;
const MOST_BACK_S = 40;
const MUCH_THE_SAME = 0.15;

/**
 * The pace of one server, for as long as a function lives. After a 429 nothing leaves until the server wants it; then the
 * rate comes back along a cubic curve (as in TCP CUBIC): slowly near the rate that was too much, and soon far beyond it
 * where that is taken: others may have started at the same time.
 * @param most starts a second that the server is known to take.
 */
export function newPace(most = Number.POSITIVE_INFINITY): Pace {
  let begunAt = 0;
  let tooMuch: number | undefined;
  let backAfterS = LEAST_BACK_S;
  let leftSince = 0;
  let recent: number[] = [];
  let heldUntil = 0;
  let nextAt = 0;
  return {
    waitMs: (now) => Math.min(MOST_HOLD_MS, Math.ceil(Math.max(0, heldUntil - now, nextAt - now))),
    leaves(now) {
      recent = [...within(recent, now), now];
      leftSince += 1;
      // After a pause, nothing is known of what the server takes at once.
      if (recent.length === 1) begunAt = now;
      nextAt = Math.max(nextAt, now) + 1000 / rateAt(now);
    },
    throttled(now, retryAfterMs = HOLD_MS) {
      // What was under way together says it once.
      if (now >= heldUntil) learn(now);
      heldUntil = Math.max(heldUntil, now + Math.min(retryAfterMs, MOST_HOLD_MS));
    },
  };

  function learn(now: number): void {
    // Less may have left than the rate allowed.
    const rate = Math.min(rateAt(now), Math.max(1, within(recent, now).length));
    // One alone asks only whether the server takes anything.
    const isFoundAgain =
      tooMuch !== undefined && leftSince > 1 && Math.abs(rate / tooMuch - 1) < MUCH_THE_SAME;
    backAfterS = isFoundAgain ? Math.min(MOST_BACK_S, 2 * backAfterS) : LEAST_BACK_S;
    tooMuch = rate;
    leftSince = 0;
  }

  function rateAt(now: number): number {
    return Math.min(most, Math.max(LEAST_RATE, wantedAt(now)));
  }

  function wantedAt(now: number): number {
    if (tooMuch === undefined) return FIRST_RATE * 2 ** ((now - begunAt) / 1000);
    const far = (now - heldUntil) / 1000 / backAfterS - 1;
    return tooMuch * (1 + (far < 0 ? 1 - KEPT : 1) * far ** 3);
  }
}

/** Those of the last second. */
function within(moments: readonly number[], now: number): number[] {
  return moments.filter((moment) => moment > now - 1000);
}
