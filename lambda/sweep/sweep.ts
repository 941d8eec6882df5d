import type { DueFiring, Firing } from '../firing/firing.ts';
import { STATES } from '../firing/states.ts';
import { log } from '../runtime/log.ts';
import { publishAll } from './publish-all.ts';
import { advanceAndFollow, isCheckDue, isToPublish, type SweepContext } from './step.ts';

/** What one sweep did. */
export interface SweepSummary {
  /** Firings moved a step. */
  readonly advanced: number;
  /** Firings that threw; they stay as they are and are tried again by the next sweep. */
  readonly failed: number;
  /** Why work was left for the next sweep. */
  readonly stopped?: 'time' | 'throttled';
}

/** As many requests at once as one run test's server can be asked to bear. */
const CONCURRENCY = 16;
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

/**
 * Advances the open firings whose next check is due, oldest first, until none is left, the time is up, or the ledger
 * throttles. When the API throttles starts, only starts wait: in this sweep as long as there is time, else for the
 * next one. A firing that throws is logged and stops no other. An idle sweep says nothing.
 * @param until when the function is killed.
 * @param sleep without it, starts wait for the next sweep at once.
 */
export async function sweep(
  context: SweepContext,
  until: Date,
  sleep?: (ms: number) => Promise<unknown>,
): Promise<SweepSummary> {
  const { api, now } = context;
  const summary: Counts = { advanced: 0, failed: 0 };
  const lastStepAt = until.getTime() - api.limits.postMs - STEP_RESERVE_MS;
  const starts: Starts = { held: [], freeAt: 0 };
  const untold: Firing[] = [];
  const failed = (id: string, error: unknown) => {
    summary.failed += 1;
    log('advance_failed', { firing: id, message: String(error) });
    if (error instanceof Error && LEDGER_THROTTLES.has(error.name)) summary.stopped = 'throttled';
  };
  const publish = () => publishAll(untold.splice(0), context, failed);
  const advanceOne = async (id: string) => {
    if (now().getTime() > lastStepAt) summary.stopped = 'time';
    if (summary.stopped) return;
    try {
      const firing = await step(id, starts, context, until);
      if (!firing) return;
      summary.advanced += 1;
      if (isToPublish(firing)) untold.push(firing);
      if (untold.length >= MOST_UNTOLD) await publish();
    } catch (error) {
      failed(id, error);
    }
  };
  await atOnce(await dueIn(context), advanceOne);
  await publish();
  while (starts.held.length > 0 && !summary.stopped) {
    if (!sleep || starts.freeAt > lastStepAt) {
      summary.stopped = 'throttled';
    } else {
      await sleep(Math.max(0, starts.freeAt - now().getTime()));
      await atOnce(starts.held.splice(0), advanceOne);
      await publish();
    }
  }
  if (summary.advanced + summary.failed > 0 || summary.stopped) log('sweep_finished', summary);
  return summary;
}

type Counts = { -readonly [Key in keyof SweepSummary]: SweepSummary[Key] };

/** What the API's throttling keeps from starting. */
interface Starts {
  /** Ids of firings that are to be started later. */
  readonly held: string[];
  /** Until when nothing is started, in epoch milliseconds: the server's wish, or else our own first pause. */
  freeAt: number;
}

/** Acts on all of these, so many at once as one server can bear. Rejects when an action does. */
export async function atOnce(
  ids: readonly string[],
  action: (id: string) => Promise<void>,
): Promise<void> {
  const queue = ids.values();
  const work = async () => {
    for (const id of queue) await action(id);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/**
 * Ids of the firings whose next check is due; logs of each trigger how many are open. Those that only wait to be
 * published are not counted, but the oldest may be one.
 */
async function dueIn({ ledger, now }: SweepContext): Promise<string[]> {
  const due: string[] = [];
  const open = new Map<string, { count: number; oldest: number }>();
  const at = now();
  for await (const { id, trigger, state, nextCheckAt, recordedAt } of ledger.open()) {
    if (new Date(nextCheckAt) <= at) due.push(id);
    const { count = 0, oldest = Number.POSITIVE_INFINITY } = open.get(trigger) ?? {};
    const recorded = new Date(recordedAt).getTime();
    const isOver = STATES[state].phase === 'final';
    open.set(trigger, { count: count + (isOver ? 0 : 1), oldest: Math.min(oldest, recorded) });
  }
  for (const [trigger, { count, oldest }] of open) {
    const oldest_age_s = Math.round((at.getTime() - oldest) / 1000);
    log('firings_counted', { trigger, open: count, oldest_age_s });
  }
  return due;
}

/** The index runs behind the ledger: what it names is read again before anything is done. The firing as it is then; undefined where nothing was done. */
async function step(
  id: string,
  starts: Starts,
  context: SweepContext,
  until: Date,
): Promise<Firing | undefined> {
  const from = await context.ledger.read(id);
  if (!from || !isCheckDue(from, context.now())) return undefined;
  if (from.state === 'due' && context.now().getTime() < starts.freeAt) {
    starts.held.push(id);
    return undefined;
  }
  const to = await advanceAndFollow(from, context, until);
  if (isThrottled(from, to)) {
    starts.freeAt = Math.max(starts.freeAt, new Date(to.nextCheckAt).getTime());
  }
  return to;
}

/** Whether the API has throttled now: an earlier attempt may have met with that as well. */
function isThrottled(from: Firing, to: Firing): to is DueFiring {
  const isSent = to.attempts.length > from.attempts.length;
  return isSent && to.state === 'due' && to.attempts.at(-1)?.status === 429;
}
