import { exchange } from '../../lambda/api/exchange.ts';
import { parseJson } from '../../lambda/api/json.ts';
import type { Webhook } from '../../lambda/firing/trigger.ts';
import { InputError } from '../input-error.ts';
import { deliveryBody } from './delivery-body.ts';
import { getSecret } from './secret.ts';
import { signedHeaders } from './signed-headers.ts';
import type { Target } from './target.ts';

interface GivenDelivery {
  /** The same again is a repetition. */
  readonly id: string;
  /** Absent: the smallest one. */
  readonly body?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly now: Date;
}

/** API Gateway answers within 30 s. */
const LIMITS = { connectMs: 5_000, totalMs: 35_000 };

/**
 * Sends one delivery to the webhook of a trigger, signed as its sender signs. Throws InputError where it cannot be signed
 * or gets no answer.
 */
export async function deliver(
  target: Target,
  trigger: string,
  webhook: Webhook | undefined,
  { id, body: given, headers, now }: GivenDelivery,
) {
  if (!webhook) {
    throw new InputError(
      (typed) => `${trigger} has no webhook: fire it with ${typed(`fire ${trigger}`)}`,
    );
  }
  if (webhook.verify === 'sns') {
    throw new InputError(
      `Amazon SNS signs its messages with its own key: aws sns publish --topic-arn ${webhook.topic} --message '{}'`,
    );
  }
  const secret = await getSecret(target, webhook.secret);
  if (!secret) {
    const set = `secret set ${webhook.secret}`;
    throw new InputError(
      (typed) => `The secret ${webhook.secret} has no value: set it with ${typed(set)}`,
    );
  }
  const body = deliveryBody(webhook, given, { id, now });
  const url = target.webhookUrl(trigger);
  const signed = signedHeaders(webhook, secret, { id, body, url, now });
  const own = Object.keys(headers).find((name) => name in signed);
  if (own !== undefined) {
    throw new InputError(
      (typed) =>
        `The header ${own} is written when the delivery is signed: leave it out (${typed(`deliver ${trigger} --id ID`)} chooses the delivery's id)`,
    );
  }
  return post(url, body, { 'content-type': 'application/json', ...headers, ...signed });
}

/** The header with the kind of event, where the sender is GitHub or GitLab. Throws InputError where it is another. */
export function eventHeader(
  { verify }: Pick<Webhook, 'verify'>,
  event: string | undefined,
): Record<string, string> {
  if (event === undefined) return {};
  if (verify === 'github' || verify === 'gitlab') return { [`x-${verify}-event`]: event };
  throw new InputError(`--event is for verify: github or gitlab, not ${verify}: use --header`);
}

/** `isAccepted` is any 2xx; `body` is parsed where it is JSON, else its text. */
export type DeliveryAnswer = Awaited<ReturnType<typeof post>>;

async function post(url: string, body: string, headers: Record<string, string>) {
  const answered = await exchange({ method: 'POST', url: new URL(url), headers, body }, LIMITS);
  if (answered.kind === 'broken')
    throw new InputError(`${url} gives no answer (${answered.reason}): try again`);
  const { status, body: text } = answered;
  return { status, isAccepted: status >= 200 && status < 300, body: parseJson(text) ?? text };
}
