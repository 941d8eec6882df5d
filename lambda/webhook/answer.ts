import type { Firing } from '../firing/firing.ts';
import { reportOf } from '../firing/firing-report.ts';
import type { Webhook } from '../firing/trigger.ts';

/** An answer in API Gateway's payload format 2.0. */
export interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answer to every sender who does not hold the webhook's secret, whatever is wrong. */
export const UNVERIFIED = answer(401, { error: 'unverified' });
/** Given before a signature is checked. */
export const TOO_LARGE = answer(413, { error: 'too_large' });
/** Says nothing about what else is there. */
export const NOT_FOUND = answer(404, { error: 'not_found' });
/** For GitHub's ping. */
export const PONG = answer(200, { pong: true });
/** A subscription of SNS stands. */
export const SUBSCRIBED = answer(200, { subscribed: true });
/** A sender takes its subscription back. */
export const HANDSHAKE_OVER = answer(200, { skipped: 'revoked' });
/** The trigger's `when` is false for this delivery. */
export const FILTERED = answer(202, { skipped: 'filter' });

/** Something behind the webhook is down. A repeated delivery, half a minute later, starts nothing twice. */
export const UNAVAILABLE = answer(503, { error: 'unavailable' }, { 'retry-after': '30' });

/** A verified delivery that cannot be used, and why. */
export function badRequest(message: string): Answer {
  return answer(400, { error: 'bad_request', message });
}

/** The body of a verified delivery has to be read, and is neither JSON nor a form that holds JSON. */
export const UNSUPPORTED = answer(415, {
  error: 'unsupported_media_type',
  message: 'Send JSON with content-type: application/json',
});

/**
 * The answer to a verified delivery: the report of its firing, or of the one that it joined, and where to read what
 * becomes of it.
 */
export function answerFor(
  firing: Firing,
  { recorded, joined, statusUrl }: { recorded: boolean; joined: boolean; statusUrl: string },
): Answer {
  const report = {
    ...reportOf(firing, recorded || joined),
    ...(joined && { joined }),
    status_url: statusUrl,
  };
  // A repetition of a refused start stays red in the sender's list.
  const status = firing.state === 'rejected' ? 502 : recorded ? 202 : 200;
  return answer(status, report, { location: statusUrl });
}

/** Linear, Slack and Zoom take every status but 200 for a failure, by the documentation of each, and deliver again. */
const ONLY_200 = new Set(['linear-signature', 'x-slack-signature', 'x-zm-signature']);

/** The answer with the status that the sender takes for a success. */
export function forSender(answered: Answer, webhook: Webhook): Answer {
  const isStrict = webhook.verify === 'hmac' && ONLY_200.has(webhook.signature.header);
  return isStrict && answered.statusCode === 202 ? { ...answered, statusCode: 200 } : answered;
}

/** A firing as it stands, for a sender that waits for it. */
export function answerWith(firing: Firing): Answer {
  return answer(200, reportOf(firing, true));
}

/** Yes to CloudEvents' question. */
export function permission(origin: string): Answer {
  const allowed = { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' };
  return answer(200, {}, { allow: 'POST', ...allowed });
}

/** For senders that want their own text back to prove that the address is theirs. */
export function plainAnswer(body: string): Answer {
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store' };
  return { statusCode: 200, headers, body };
}

/** JSON, never kept by a cache. */
export function answer(
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
