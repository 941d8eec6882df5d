import { exchange } from '../api/exchange.ts';
import { parseJson } from '../api/json.ts';
import { apiMessage } from '../api/outcome.ts';
import type { ServiceEvent } from '../firing/service-event.ts';
import { log } from '../runtime/log.ts';
import { SecretUnusableError } from '../runtime/secrets.ts';
import { STATUS_REQUESTS, type Status } from './commit-status-requests.ts';
import type { NotifyContext, NotifySettings } from './settings.ts';
import { toldOf } from './told.ts';
import { cut } from './words.ts';

/** What a commit shows after an event; other kinds change nothing. */
export const STATUS_OF: Readonly<Partial<Record<ServiceEvent['kind'], Status['state']>>> = {
  started: 'pending',
  passed: 'success',
  failed: 'failure',
  inconclusive: 'error',
  lost: 'error',
  rejected: 'error',
  unresolved: 'error',
  expired: 'error',
  skipped: 'error',
};

/** GitHub takes 140 characters, GitLab 255. */
const DESCRIPTION_LENGTH = 140;
const LIMITS = { connectMs: 5_000, totalMs: 6_000 };

/**
 * Sets the status of the commit that the event's firing is of, where its trigger wants that. An event that comes later
 * than a newer one of the same trigger changes nothing, also when it is a copy. Rejects, without the token, when the
 * status was not taken.
 */
export async function setCommitStatus(
  event: ServiceEvent,
  { readSecret, now }: Pick<NotifyContext, 'readSecret' | 'now'>,
  settings: NotifySettings,
): Promise<void> {
  const { change, trigger } = event;
  const { webhook, schedules } = settings.triggers[trigger] ?? {};
  const state = STATUS_OF[event.kind];
  if (!change || !state || event.retried_as !== undefined) return;
  // The trigger may have been edited since.
  if (!webhook?.commitStatus || webhook.verify !== change.provider) return;
  const { baseUrl, secret } = webhook.commitStatus;
  const token = accessToken(await readSecret(secret), secret);
  const requests = STATUS_REQUESTS[change.provider](baseUrl, change, token);
  const context = `${settings.service}/${trigger}`;
  const standing = requests.latestIn(await ask(requests.list(context), secret), context);
  const fields = { trigger, firing: event.firing, repository: change.repository, state };
  if (standing !== undefined && new Date(standing) > new Date(event.time)) {
    log('commit_status_superseded', fields);
    return;
  }
  const { sentence } = toldOf(event, { ...settings, schedules });
  const url = event.link ?? event.run_test_link;
  const description = cut(sentence, DESCRIPTION_LENGTH);
  await ask(requests.set({ state, context, description, ...(url && { url }) }), secret);
  log('commit_status_set', { ...fields, latency_ms: now().getTime() - Date.parse(event.time) });
}

/** Sends a request and returns the JSON of a good answer. */
async function ask(request: Parameters<typeof exchange>[0], secret: string): Promise<unknown> {
  const answer = await exchange(request, LIMITS);
  if (answer.kind === 'broken') throw new Error(`The commit status is not set: ${answer.reason}`);
  // GitLab's answer where the status is that already.
  if (answer.status === 400 && answer.body.includes('Cannot transition status')) return undefined;
  if (answer.status >= 200 && answer.status <= 299) return parseJson(answer.body);
  const remedy = [401, 403, 404].includes(answer.status)
    ? `. May the token set statuses in this repository? npx rtt secret set ${secret}`
    : '';
  throw new Error(
    `The commit status is not set: HTTP ${answer.status}, ${apiMessage(answer)}${remedy}`,
  );
}

/** The token in a secret's value. Throws SecretUnusableError for what cannot be in a header. */
export function accessToken(value: string, secret: string): string {
  if (/^[\x21-\x7e]{8,}$/.test(value)) return value;
  throw new SecretUnusableError(secret, 'holds no access token: 8 or more characters, no spaces');
}
