import { type Api, isSameKey } from '../api/api.ts';
import type { ApiKey } from '../api/api-key.ts';
import { type Casing, otherCasing } from '../api/dialect.ts';
import { type ApiAccess, executeRequest, send } from '../api/future-agi.ts';
import { classify, type Outcome } from '../api/outcome.ts';
import type { SendingFiring } from '../firing/firing.ts';
import { timeLeft } from '../runtime/limits.ts';
import { log } from '../runtime/log.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import { type Draft, prepare } from './prepare.ts';

/** One firing's way to send its request. */
interface Sender {
  readonly firing: SendingFiring;
  readonly api: Api;
  readonly access: ApiAccess;
  readonly until: Date;
}

/**
 * Sends the execute request of a firing whose lease is held. Two answers that have certainly created nothing are
 * answered at once, each with one further request: a 401, when the key was rotated meanwhile, and a 400 that only
 * says that the server does not know our fields, which is how a strict server asks for the other casing.
 */
export async function post(draft: Draft, sender: Sender): Promise<Outcome> {
  const { firing, api, access } = sender;
  const outcome = await postInEitherCasing(draft, sender);
  if (outcome.kind !== 'rejected' || outcome.status !== 401) return outcome;
  const fresh = await api.readKey(0);
  if (fresh instanceof SecretUnusableError || isSameKey(fresh, access.key)) return outcome;
  if (!isUsable(fresh, sender)) {
    return { kind: 'not-started', status: 401, message: outcome.message };
  }
  log('api_key_reloaded', { firing: firing.id, trigger: firing.trigger });
  return postInEitherCasing(draft, { ...sender, access: { ...access, key: fresh } });
}

/** Another dialect needs another plan: the next try makes it. */
function isUsable(fresh: ApiKey | Error, sender: Sender): fresh is ApiKey {
  return 'dialect' in fresh && fresh.dialect === sender.access.key.dialect && hasTime(sender);
}

function hasTime({ api, until }: Sender): boolean {
  return timeLeft(api, until) >= api.limits.postLeastMs;
}

async function postInEitherCasing(draft: Draft, sender: Sender): Promise<Outcome> {
  const outcome = await postOnce(draft, sender);
  if (outcome.kind !== 'rejected' || !outcome.unknownFields) return outcome;
  const casing = otherCasing(draft.casing, outcome.unknownFields);
  return casing ? postInOtherCasing(outcome, casing, sender) : outcome;
}

/** Plans anew, since a server that speaks snake_case may not know exclusion. */
async function postInOtherCasing(
  { status, message }: Extract<Outcome, { kind: 'rejected' }>,
  casing: Casing,
  sender: Sender,
): Promise<Outcome> {
  const { firing, api, access } = sender;
  const draft = await prepare(firing, api, access, casing);
  if (draft.kind === 'refused') return { kind: 'rejected', status, message: draft.reason };
  if (draft.kind === 'unavailable') return { kind: 'not-started', status, message: draft.reason };
  if (!hasTime(sender)) return { kind: 'not-started', status, message };
  const outcome = await postOnce(draft, sender);
  if (outcome.kind === 'started') {
    api.lookups.acceptedCasing = casing;
    log('casing_accepted', { firing: firing.id, trigger: firing.trigger, casing });
  }
  return outcome;
}

/** A frozen function may come to this long after its time, when its lease is no longer in force. */
async function postOnce(draft: Draft, sender: Sender): Promise<Outcome> {
  const { api, access, until } = sender;
  if (!hasTime(sender)) return { kind: 'not-started', message: 'no time was left to send it' };
  const { connectMs, postMs } = api.limits;
  const limits = { connectMs, totalMs: Math.min(postMs, timeLeft(api, until)) };
  const request = executeRequest(access.baseUrl, draft.runTestId, draft.body, access.key);
  const outcome = classify(await send(request, access.key, limits), api.now());
  const isThrottled = outcome.kind === 'not-started' && outcome.status === 429;
  if (isThrottled) api.pace.throttled(api.now().getTime(), outcome.retryAfterMs);
  const isKeyRefused = outcome.kind === 'rejected' && outcome.status === 401;
  return isKeyRefused ? { ...outcome, setKey: api.setKey } : outcome;
}
