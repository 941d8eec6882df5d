import { type ApiKey, readApiKey } from '../api/api-key.ts';
import { type Casing, otherCasing } from '../api/dialect.ts';
import { executeRequest, send } from '../api/future-agi.ts';
import { classify, type Outcome } from '../api/outcome.ts';
import type { Core } from '../core.ts';
import type { Firing } from '../firing/firing.ts';
import { timeLeft } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import { type Preparation, prepare } from './prepare.ts';

/** A request that is ready to be sent. */
export type Draft = Extract<Preparation, { kind: 'ready' }>;

/**
 * Sends the execute request of a firing whose lease is held. Two answers that have certainly created nothing are
 * answered at once, each with one further request: a 401, when the key was rotated meanwhile, and a 400 that only
 * says that the server does not know our fields, which is how a strict server asks for the other casing.
 */
export async function post(
  firing: Firing,
  draft: Draft,
  core: Core,
  key: ApiKey,
  until: Date,
): Promise<Outcome> {
  const outcome = await postInEitherCasing(firing, draft, core, key, until);
  if (outcome.kind !== 'rejected' || outcome.status !== 401) return outcome;
  const fresh = await readApiKey(core, 0);
  if (fresh instanceof SecretUnusableError || isSameKey(fresh, key)) return outcome;
  if (
    fresh instanceof Error ||
    // Another dialect needs another plan: the next try makes it.
    fresh.dialect !== key.dialect ||
    timeLeft(core, until) < core.limits.postLeastMs
  ) {
    return { kind: 'not-started', status: 401, message: outcome.message };
  }
  log('api_key_reloaded', { firing: firing.id, trigger: firing.trigger });
  return postInEitherCasing(firing, draft, core, fresh, until);
}

async function postInEitherCasing(
  firing: Firing,
  draft: Draft,
  core: Core,
  key: ApiKey,
  until: Date,
): Promise<Outcome> {
  const outcome = await postOnce(draft, core, key, until);
  if (outcome.kind !== 'rejected' || !outcome.unknownFields) return outcome;
  const casing = otherCasing(draft.casing, outcome.unknownFields);
  return casing ? postInOtherCasing(firing, outcome, casing, core, key, until) : outcome;
}

/** Plans anew, since a server that speaks snake_case may not know exclusion. */
async function postInOtherCasing(
  firing: Firing,
  refusal: Extract<Outcome, { kind: 'rejected' }>,
  casing: Casing,
  core: Core,
  key: ApiKey,
  until: Date,
): Promise<Outcome> {
  const draft = await prepare(firing, core, key, until, casing);
  if (draft.kind === 'refused') {
    return { kind: 'rejected', status: refusal.status, message: draft.reason };
  }
  if (draft.kind === 'unavailable' || timeLeft(core, until) < core.limits.postLeastMs) {
    const message = draft.kind === 'unavailable' ? draft.reason : refusal.message;
    return { kind: 'not-started', status: refusal.status, message };
  }
  const outcome = await postOnce(draft, core, key, until);
  if (outcome.kind === 'started') {
    core.memory.acceptedCasing = casing;
    log('casing_accepted', { firing: firing.id, trigger: firing.trigger, casing });
  }
  return outcome;
}

/** A frozen function may come to this long after its time, when the lease that it took is no longer in force. */
async function postOnce(draft: Draft, core: Core, key: ApiKey, until: Date): Promise<Outcome> {
  const { connectMs, postMs, postLeastMs } = core.limits;
  const left = timeLeft(core, until);
  if (left < postLeastMs) return { kind: 'not-started', message: 'no time was left to send it' };
  const request = executeRequest(core.apiBaseUrl, draft.runTestId, draft.body, key);
  const limits = { connectMs, totalMs: Math.min(postMs, left) };
  return classify(await send(request, key, limits), core.now());
}

function isSameKey(a: ApiKey | Error, b: ApiKey): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
