import { type ApiKey, readApiKey } from './api-key.ts';
import type { Core } from './core.ts';
import type { Firing } from './firing.ts';
import { listExecutions } from './future-agi.ts';
import { timeLeft } from './limits.ts';
import { type LogEvent, log } from './log.ts';
import { type Draft, post } from './post.ts';
import { prepare } from './prepare.ts';
import { SecretUnusableError } from './secrets.ts';
import { latest, settle } from './settle.ts';
import { toFinal, toOpen, type Unwritten } from './transition.ts';

/**
 * How long an item in `sending` is left alone. It exceeds every function's time limit (asserted in
 * test/stack), so an expired lease proves that the sender is dead.
 */
export const LEASE_MS = 150_000;

const POSTPONE_MS = 30_000;

/** Sends a due firing: `due` → `sending` → what the answer says, or `expired`. */
export async function start(firing: Firing, core: Core, until: Date): Promise<Firing> {
  if (core.now() >= new Date(firing.deadline)) return expire(firing, core);
  const key = await readApiKey(core);
  if (key instanceof SecretUnusableError) return refuse(firing, core, key.message);
  if (key instanceof Error) return postpone(firing, core, key.message);
  const draft = await prepare(firing, core, key, until);
  if (draft.kind === 'refused') return refuse(firing, core, draft.reason);
  if (draft.kind === 'unavailable') return postpone(firing, core, draft.reason);
  if (timeLeft(core, until) < core.limits.postLeastMs) return firing;
  const baseline = await readBaseline(firing, draft.runTestId, core, key);
  if (timeLeft(core, until) < core.limits.postLeastMs) return firing;

  const sending = await core.ledger.write(firing, leased(firing, draft, core.now(), baseline));
  if (!sending) return latest(firing, core);
  return settle(sending, await post(sending, draft, core, key, until), core);
}

async function expire(firing: Firing, core: Core): Promise<Firing> {
  const last = firing.attempts.at(-1)?.message ?? firing.reason;
  const reason = `Not started by ${firing.deadline}${last ? `: ${last}` : ''}`;
  const expired = toFinal(firing, 'expired', { reason }, core, ['expired']);
  return writeAndLog(firing, expired, 'start_expired', core);
}

/** Rejected before anything was sent. */
async function refuse(firing: Firing, core: Core, reason: string): Promise<Firing> {
  const rejected = toFinal(firing, 'rejected', { reason }, core, ['rejected']);
  return writeAndLog(firing, rejected, 'start_rejected', core);
}

/** Put off before anything was sent. */
async function postpone(firing: Firing, core: Core, reason: string): Promise<Firing> {
  const nextLook = new Date(core.now().getTime() + POSTPONE_MS);
  return writeAndLog(firing, toOpen(firing, 'due', nextLook, { reason }), 'start_delayed', core);
}

async function writeAndLog(from: Firing, to: Unwritten, event: LogEvent, core: Core) {
  const written = await core.ledger.write(from, to);
  if (!written) return latest(from, core);
  log(event, { firing: from.id, trigger: from.trigger, message: to.reason });
  return written;
}

/** The executions that were there before, by which a lost answer's execution is told. A failure stops nothing. */
async function readBaseline(
  firing: Firing,
  runTestId: string,
  core: Core,
  key: ApiKey,
): Promise<string[] | undefined> {
  const { connectMs, baselineMs } = core.limits;
  const limits = { connectMs: Math.min(connectMs, baselineMs), totalMs: baselineMs };
  const page = await listExecutions(core.apiBaseUrl, runTestId, key, 1, limits);
  if (page.kind === 'page') return page.executions.map(({ id }) => id);
  log('baseline_unavailable', {
    firing: firing.id,
    trigger: firing.trigger,
    message: page.message,
  });
  return undefined;
}

function leased(firing: Firing, draft: Draft, now: Date, baseline: string[] | undefined) {
  const sentAt = now.toISOString();
  const leaseUntil = new Date(now.getTime() + LEASE_MS);
  return toOpen(firing, 'sending', leaseUntil, {
    runTestId: draft.runTestId,
    selection: draft.selection,
    sentAt,
    leaseUntil: leaseUntil.toISOString(),
    attempts: [...firing.attempts, { sentAt, ...(baseline && { baseline }) }],
  });
}
