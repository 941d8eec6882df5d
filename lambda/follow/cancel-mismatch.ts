import { readApiKey } from '../api/api-key.ts';
import { executionProgress } from '../api/execution-progress.ts';
import { type ApiAccess, cancelRequest, send } from '../api/future-agi.ts';
import type { Core } from '../core.ts';
import {
  addMinutes,
  type Execution,
  type Firing,
  type Mismatch,
  runTestIdOf,
} from '../firing/firing.ts';
import { toOpen, toStarted, type Unwritten } from '../firing/transition.ts';
import { timeLeft } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { accessOf } from '../start/prepare.ts';
import { latest } from '../start/settle.ts';
import { LEASE_MS } from '../start/start.ts';

/** What became of an attempt to cancel; `later` has certainly cancelled nothing. */
type Result =
  | { readonly kind: 'cancelled' | 'not-needed' | 'failed'; readonly message: string }
  | { readonly kind: 'later'; readonly message: string };

const CHECK_AGAIN_MS = 60_000;
/** A run is mostly over by then, and a person must look. */
const GIVE_UP_MINUTES = 30;
/** Cancelling one of these would change the result of something that is over. */
const OVER = new Set(['completed', 'failed', 'cancelled', 'cancelling']);

/**
 * Cancels the execution of a `started` firing whose scenarios are not those asked for. Its status is read first;
 * the cancel request leaves at most once, under a lease of its own: after a crash nothing but a look is made.
 */
export async function cancelMismatch(firing: Firing, core: Core, until: Date): Promise<Firing> {
  const { execution, mismatch } = firing;
  if (!execution || !mismatch) throw new Error(`Firing ${firing.id} has nothing to cancel`);
  const died = mismatch.cancel === 'sending';
  if (died && core.now() < new Date(firing.leaseUntil ?? 0)) return firing;
  const key = await readApiKey(core);
  if (key instanceof Error) {
    return finish(firing, mismatch, { kind: 'later', message: key.message }, core);
  }
  const access = accessOf(core, key, until);
  const before = await lookBefore(firing, execution, access);
  if (died) return finish(firing, mismatch, afterCrash(before), core);
  if (before) return finish(firing, mismatch, before, core);

  if (timeLeft(core, until) < core.limits.postLeastMs) return firing;
  const leaseUntil = new Date(core.now().getTime() + LEASE_MS);
  const claim = toOpen(firing, 'started', leaseUntil, {
    mismatch: { ...mismatch, cancel: 'sending' },
    leaseUntil: leaseUntil.toISOString(),
  });
  const claimed = await core.ledger.write(firing, claim);
  if (!claimed) return latest(firing, core);
  return finish(claimed, mismatch, await cancel(execution, access), core);
}

/** Undefined when the execution is under way, so that there is something to cancel. */
export async function lookBefore(
  firing: Firing,
  { id }: Execution,
  access: ApiAccess,
): Promise<Result | undefined> {
  const progress = await executionProgress(runTestIdOf(firing), id, access);
  if ('kind' in progress) {
    const message = `Its status cannot be read: ${progress.message}`;
    return { kind: progress.permanent ? 'failed' : 'later', message };
  }
  const { status } = progress;
  return OVER.has(status) ? { kind: 'not-needed', message: `It is ${status}` } : undefined;
}

/** The request may have left before the function died; it is not sent again. */
function afterCrash(seen: Result | undefined): Result {
  return (
    seen ?? {
      kind: 'failed',
      message: 'The function died while it cancelled, and the execution is still under way',
    }
  );
}

/** Sends the request to cancel; whether it may leave is the caller's to know. Never rejects. */
export async function cancel(
  { id }: Execution,
  { baseUrl, key, limits }: ApiAccess,
): Promise<Result> {
  const answer = await send(cancelRequest(baseUrl, id, key), key, limits());
  if (answer.kind === 'broken') {
    return { kind: answer.written ? 'failed' : 'later', message: answer.reason };
  }
  if (answer.status === 429) return { kind: 'later', message: 'HTTP 429' };
  return answer.status >= 200 && answer.status < 300
    ? { kind: 'cancelled', message: 'It runs something else than was asked for' }
    : { kind: 'failed', message: `HTTP ${answer.status}` };
}

async function finish(
  firing: Firing,
  mismatch: Mismatch,
  result: Result,
  core: Core,
): Promise<Firing> {
  const end = givenUp(firing, result, core.now());
  const written = await core.ledger.write(firing, concluded(firing, mismatch, end, core));
  if (!written) return latest(firing, core);
  if (end.kind !== 'later') announce(written, end);
  return written;
}

function givenUp(firing: Firing, result: Result, now: Date): Result {
  const since = new Date(firing.sentAt ?? firing.recordedAt);
  const late = now >= addMinutes(since, GIVE_UP_MINUTES);
  return result.kind === 'later' && late ? { ...result, kind: 'failed' } : result;
}

function concluded(firing: Firing, mismatch: Mismatch, { kind }: Result, core: Core): Unwritten {
  if (kind === 'later') {
    const nextCheckAt = new Date(core.now().getTime() + CHECK_AGAIN_MS);
    return toOpen(firing, 'started', nextCheckAt, { mismatch });
  }
  return toStarted(firing, { mismatch: { ...mismatch, cancel: kind } }, core, []);
}

function announce(firing: Firing, { kind, message }: Result): void {
  const { id, trigger, execution } = firing;
  const fields = { firing: id, trigger, execution_id: execution?.id, message };
  if (kind === 'failed') log('mismatch_cancel_failed', { ...fields, what_to_do: BY_HAND });
  else log(kind === 'cancelled' ? 'mismatch_cancelled' : 'mismatch_cancel_not_needed', fields);
}

const BY_HAND = 'Look at the execution in Future AGI and cancel it there if it is still running.';
