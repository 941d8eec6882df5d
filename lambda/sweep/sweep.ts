import type { DueFiring, Firing } from '../firing/firing.ts';
import { STATES } from '../firing/states.ts';
import { isCheckDue } from '../firing/transition.ts';
import { atOnce } from '../runtime/at-once.ts';
import { isMeasured, log } from '../runtime/log.ts';
import { nextCheck, remember } from './looks.ts';
import { publishAll } from './publish-all.ts';
import { advanceAndFollow, isToPublish, type SweepContext } from './step.ts';

/** The answer of the function, which its log line has, too. */
export interface SweepSummary {
  /** Firings moved a step. */
  readonly advanced: number;
  /** Firings that threw, and reads of what was recorded meanwhile; the next sweep tries all of them again. */
  readonly failed: number;
  /** Why work was left for the next sweep. */
  readonly stopped?: 'time' | 'throttled';
}

/** So many starts are under way at once: enough for ten a second at a server that takes 2 s for each. */
const STARTS_AT_ONCE = 24;
/** What DynamoDB says to a client that asks too much, once the SDK's own repetitions are over. */
const LEDGER_THROTTLES = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);
/** So many firings wait to be published together: enough to see what they share. */
const MOST_UNTOLD = 200;
/** A firing is taken up only with time for a full POST and this much besides. */
const STEP_RESERVE_MS = 5_000;

interface SweepTime {
  readonly workUntil?: Date;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * Advances the open firings whose next check is due, oldest first, until none is left, the time is up, or the ledger
 * throttles. Starts leave one after the other at the API's pace: while it throttles them, they wait in this sweep as long
 * as there is time, and nothing else waits for them. A firing that throws is logged and stops no other. An idle sweep
 * says nothing.
 * @param until when the function is killed.
 * @param workUntil when it takes nothing up any more, if there is time until then.
 * @param sleep without it, starts leave at once, and what is throttled waits for the next sweep.
 */
export async function sweep(
  context: SweepContext,
  until: Date,
  { workUntil = until, sleep }: SweepTime = {},
): Promise<SweepSummary> {
  const { api, now } = context;
  const summary: Counts = { advanced: 0, failed: 0 };
  const lastStepAt = Math.min(
    until.getTime() - api.limits.postMs - STEP_RESERVE_MS,
    workUntil.getTime(),
  );
  const untold: Firing[] = [];
  const failed = (id: string | undefined, error: unknown) => {
    summary.failed += 1;
    log('advance_failed', { ...(id !== undefined && { firing: id }), message: String(error) });
    if (error instanceof Error && LEDGER_THROTTLES.has(error.name)) summary.stopped = 'throttled';
  };
  const publish = () => publishAll(untold.splice(0), context, failed);
  const isStopped = () => {
    if (now().getTime() > lastStepAt) summary.stopped ??= 'time';
    return summary.stopped !== undefined;
  };
  const advanceOne = async (id: string): Promise<Step | undefined> => {
    if (isStopped()) return undefined;
    try {
      const taken = await step(id, context, until);
      if (!taken) return undefined;
      summary.advanced += 1;
      if (isToPublish(taken.firing)) untold.push(taken.firing);
      if (untold.length >= MOST_UNTOLD) await publish();
      return taken;
    } catch (error) {
      failed(id, error);
      return undefined;
    }
  };
  const { starts, others } = await dueIn(context);
  const [allLeft] = await Promise.all([
    startAll(starts, context, { advanceOne, failed, isStopped, lastStepAt, sleep }),
    atOnce(others, advanceOne).then(publish),
  ]);
  await publish();
  if (!allLeft) summary.stopped ??= 'throttled';
  if (summary.advanced + summary.failed > 0 || summary.stopped) log('sweep_finished', summary);
  return summary;
}

interface Starting {
  readonly advanceOne: (id: string) => Promise<Step | undefined>;
  readonly failed: (id: undefined, error: unknown) => void;
  readonly isStopped: () => boolean;
  readonly lastStepAt: number;
  readonly sleep: ((ms: number) => Promise<unknown>) | undefined;
}

/** Starts these firings, and those that are recorded meanwhile. Returns as `startAtPace` does. */
async function startAll(ids: readonly string[], context: SweepContext, starting: Starting) {
  const known = new Set(ids);
  for (let next = ids; next.length > 0; ) {
    if (!(await startAtPace(next, context, starting))) return false;
    if (!starting.sleep || starting.isStopped()) return true;
    const open = await Array.fromAsync(context.ledger.open()).catch((error: unknown) => {
      starting.failed(undefined, error);
      return [];
    });
    next = open.flatMap(({ id, state, nextCheckAt }) =>
      state === 'due' && !known.has(id) && new Date(nextCheckAt) <= context.now() ? id : [],
    );
    for (const id of next) known.add(id);
  }
  return true;
}

/**
 * Starts these firings at the API's pace. One that is throttled comes again after the others, not before its next check.
 * @returns false when the API's throttling has left some for another sweep.
 */
async function startAtPace(
  ids: readonly string[],
  { api, now }: SweepContext,
  { advanceOne, isStopped, lastStepAt, sleep }: Starting,
): Promise<boolean> {
  const queue = ids.map((id) => ({ id, from: 0 }));
  const underWay = new Set<Promise<void>>();
  const startOne = async (id: string) => {
    const { againAt } = (await advanceOne(id)) ?? {};
    if (sleep && againAt !== undefined && againAt <= lastStepAt) queue.push({ id, from: againAt });
  };
  for (let next = 0; !isStopped(); ) {
    const one = queue[next];
    if (underWay.size >= STARTS_AT_ONCE || (!one && underWay.size > 0)) {
      await Promise.race(underWay);
      continue;
    }
    if (!one) return true;
    const at = now().getTime();
    const waitMs = Math.max(api.pace.waitMs(at), one.from - at);
    if (waitMs > 0) {
      if (!sleep || at + waitMs > lastStepAt) break;
      await sleep(waitMs);
      continue;
    }
    next += 1;
    if (sleep) api.pace.leaves(at);
    const start = startOne(one.id).finally(() => underWay.delete(start));
    underWay.add(start);
  }
  await Promise.all(underWay);
  return isStopped();
}

type Counts = { -readonly [Key in keyof SweepSummary]: SweepSummary[Key] };

const EVERY_TRIGGER = undefined;

/** Ids of the firings whose next check is due, apart those to start; logs how many are open. */
async function dueIn({ ledger, looks, now }: SweepContext) {
  const [starts, others]: [string[], string[]] = [[], []];
  const open = new Map<string | undefined, { count: number; oldest: number }>();
  const at = now();
  for await (const firing of ledger.open()) {
    const { id, trigger, state, recordedAt } = firing;
    if (nextCheck(firing, looks) <= at) (state === 'due' ? starts : others).push(id);
    // Those that only wait to be published are not counted, but the oldest may be one.
    const isOver = STATES[state].phase === 'final';
    const add = (counted: string | undefined) => {
      const { count = 0, oldest = Number.POSITIVE_INFINITY } = open.get(counted) ?? {};
      const recorded = new Date(recordedAt).getTime();
      open.set(counted, { count: count + (isOver ? 0 : 1), oldest: Math.min(oldest, recorded) });
    };
    add(EVERY_TRIGGER);
    if (isMeasured(trigger)) add(trigger);
  }
  for (const [trigger, { count, oldest }] of open) {
    const oldest_age_s = Math.round((at.getTime() - oldest) / 1000);
    log('firings_counted', { ...(trigger && { trigger }), open: count, oldest_age_s });
  }
  return { starts, others };
}

interface Step {
  readonly firing: Firing;
  /** Where the API has throttled its start: from when on it may be tried again, in epoch milliseconds. */
  readonly againAt?: number;
}

/** The index runs behind the ledger: what it names is read again before anything is done. Undefined where nothing was done. */
async function step(id: string, context: SweepContext, until: Date): Promise<Step | undefined> {
  const from = await context.ledger.read(id);
  if (!from || !isCheckDue(from, context.now())) return undefined;
  const to = await advanceAndFollow(from, context, until);
  remember(from, to, context.looks);
  return isThrottled(from, to)
    ? { firing: to, againAt: new Date(to.nextCheckAt).getTime() }
    : { firing: to };
}

/** Whether the API has throttled now: an earlier attempt may have met with that as well. */
function isThrottled(from: Firing, to: Firing): to is DueFiring {
  const isSent = to.attempts.length > from.attempts.length;
  return isSent && to.state === 'due' && to.attempts.at(-1)?.status === 429;
}
