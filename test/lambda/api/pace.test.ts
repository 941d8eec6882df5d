import { expect, test } from 'vitest';
import { newPace, type Pace } from '../../../lambda/api/pace.ts';

/** Whether a server takes a request that comes at this millisecond. */
type Server = (at: number) => boolean;

/** So many in each second of its clock. */
function perSecond(most: number): Server {
  const taken = new Map<number, number>();
  return (at) => {
    const second = Math.floor(at / 1000);
    taken.set(second, (taken.get(second) ?? 0) + 1);
    return (taken.get(second) ?? 0) <= most;
  };
}

/** So many in any second. */
function perAnySecond(most: number): Server {
  let taken: number[] = [];
  return (at) => {
    taken = taken.filter((before) => before > at - 1000);
    if (taken.length >= most) return false;
    taken.push(at);
    return true;
  };
}

/** A bucket that holds so many, and gets so many in a second. */
function bucket(most: number): Server {
  let tokens = most;
  let filledAt = 0;
  return (at) => {
    tokens = Math.min(most, tokens + ((at - filledAt) * most) / 1000);
    filledAt = at;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

const TAKES = 10;
const RETRY_AFTER_MS = 1_000;
/** As long as requests are on their way: a 429 is known only then. */
const ON_THE_WAY_MS = 60;

/** Starts so many that are due at once, in steps of a millisecond; how long that took, and how many requests. */
function drain(count: number, server: Server, pace: Pace) {
  let now = Date.parse('2026-11-24T02:00:00Z');
  const begun = now;
  const waiting = Array.from({ length: count }, () => now);
  const refused: number[] = [];
  let posts = 0;
  let started = 0;
  for (; started < count; now += 1) {
    while ((refused[0] ?? Number.POSITIVE_INFINITY) <= now) {
      refused.shift();
      pace.throttled(now, RETRY_AFTER_MS);
      waiting.push(now + RETRY_AFTER_MS);
    }
    while ((waiting[0] ?? Number.POSITIVE_INFINITY) <= now && pace.waitMs(now) === 0) {
      waiting.shift();
      pace.leaves(now);
      posts += 1;
      if (server(now)) started += 1;
      else refused.push(now + ON_THE_WAY_MS);
    }
  }
  return { seconds: (now - begun) / 1000, posts };
}

// how the server counts, how many are due
test.each([
  ['in each second', perSecond, 300],
  ['in any second', perAnySecond, 300],
  ['in each second', perSecond, 2_000],
  ['in any second', perAnySecond, 2_000],
  ['by a bucket', bucket, 300],
  ['by a bucket', bucket, 2_000],
] as const)(
  'where a server counts %s, all start in little more than the ideal time',
  (_, server, count) => {
    const { seconds, posts } = drain(count, server(TAKES), newPace());
    expect(seconds).toBeLessThanOrEqual((1.15 * count) / TAKES);
    expect(posts).toBeLessThanOrEqual(1.2 * count);
  },
);

test('a server that others kept busy at first is soon asked for all that it takes', () => {
  const takes = perAnySecond(TAKES);
  let first: number | undefined;
  const busyForFiveSeconds: Server = (at) => {
    first ??= at;
    return at >= first + 5_000 && takes(at);
  };
  const { seconds, posts } = drain(300, busyForFiveSeconds, newPace());
  expect(seconds).toBeLessThanOrEqual(52);
  expect(posts).toBeLessThanOrEqual(360);
});

test('a rate that is known is never exceeded, and used in full', () => {
  const { seconds, posts } = drain(300, perAnySecond(TAKES), newPace(TAKES));
  expect(posts).toBe(300);
  expect(seconds).toBeLessThanOrEqual(30.2);
});

test('a function that has started few for an hour learns the pace as fast as a new one', () => {
  const pace = newPace();
  const hourBefore = Date.parse('2026-11-24T01:00:00Z');
  for (let minute = 0; minute < 60; minute += 1) pace.leaves(hourBefore + minute * 60_000);
  const { seconds, posts } = drain(300, perAnySecond(TAKES), pace);
  expect(posts).toBeLessThanOrEqual(360);
  expect(seconds).toBeLessThanOrEqual(38);
});

test('a server that takes all is soon asked without a pause', () => {
  const { seconds } = drain(2_000, () => true, newPace());
  expect(seconds).toBeLessThan(8);
});

test('nothing leaves before the server wants it, and one asks again after a minute', () => {
  const pace = newPace();
  pace.throttled(0, 20_000);
  expect(pace.waitMs(0)).toBe(20_000);
  expect(pace.waitMs(20_000)).toBe(0);
  pace.throttled(20_000, 3_600_000);
  expect(pace.waitMs(20_000)).toBe(60_000);
});
