import type { Firing } from '../firing/firing.ts';
import { log } from '../runtime/log.ts';
import { advanceAndPublish, isCheckDue, type SweepContext } from './step.ts';

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
/** A firing is taken up only with time for a full POST and this much besides. */
const STEP_RESERVE_MS = 5_000;

/**
 * Advances the open firings whose next check is due, oldest first, until none is left, the time is up, or the
 * API or the ledger throttles. One that throws is logged and stops no other. An idle sweep says nothing.
 * @param until when the function is killed.
 */
export async function sweep(context: SweepContext, until: Date): Promise<SweepSummary> {
  const summary: { advanced: number; failed: number; stopped?: 'time' | 'throttled' } = {
    advanced: 0,
    failed: 0,
  };
  const lastStepAt = until.getTime() - context.api.limits.postMs - STEP_RESERVE_MS;
  const ids = (await dueIn(context)).values();
  const work = async () => {
    for (const id of ids) {
      if (context.now().getTime() > lastStepAt) summary.stopped = 'time';
      if (summary.stopped) return;
      try {
        const taken = await step(id, context, until);
        if (taken) summary.advanced += 1;
        if (taken && isThrottled(taken)) summary.stopped = 'throttled';
      } catch (error) {
        summary.failed += 1;
        log('advance_failed', { firing: id, message: String(error) });
        if (error instanceof Error && LEDGER_THROTTLES.has(error.name))
          summary.stopped = 'throttled';
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  if (summary.advanced + summary.failed > 0 || summary.stopped) log('sweep_finished', summary);
  return summary;
}

/** Ids of the firings whose next check is due; logs of each trigger how many are open. */
async function dueIn({ ledger, now }: SweepContext): Promise<string[]> {
  const due: string[] = [];
  const open = new Map<string, { count: number; oldest: number }>();
  const at = now();
  for await (const { id, trigger, nextCheckAt, recordedAt } of ledger.open()) {
    if (new Date(nextCheckAt) <= at) due.push(id);
    const { count = 0, oldest = Number.POSITIVE_INFINITY } = open.get(trigger) ?? {};
    const recorded = new Date(recordedAt).getTime();
    open.set(trigger, { count: count + 1, oldest: Math.min(oldest, recorded) });
  }
  for (const [trigger, { count, oldest }] of open) {
    const oldest_age_s = Math.round((at.getTime() - oldest) / 1000);
    log('firings_counted', { trigger, open: count, oldest_age_s });
  }
  return due;
}

/** The index runs behind the ledger: what it names is read again before anything is done. */
async function step(id: string, context: SweepContext, until: Date): Promise<Step | undefined> {
  const from = await context.ledger.read(id);
  if (!from || !isCheckDue(from, context.now())) return undefined;
  return { from, to: await advanceAndPublish(from, context, until) };
}

interface Step {
  readonly from: Firing;
  readonly to: Firing;
}

/** Whether the API has throttled now: an earlier attempt may have met with that as well. */
function isThrottled({ from, to }: Step): boolean {
  const isSent = to.attempts.length > from.attempts.length;
  return isSent && to.state === 'due' && to.attempts.at(-1)?.status === 429;
}
