import * as z from 'zod';
import type { Webhook } from '../../lambda/firing/trigger.ts';
import { readFilter } from './filter-expression.ts';
import { readHeaderName, readSecret } from './identifiers.ts';
import { across, alwaysAt, duration, each, type Found, leaf } from './leaf.ts';

const common = {
  secret: leaf(readSecret).describe(
    "Secrets Manager name (rtt secret set creates it) or full ARN of this webhook's own secret.",
  ),
  when: leaf(readFilter)
    .exactOptional()
    .describe(
      'JMESPath on { headers, body, query }; a delivery for which it is false fires nothing: headers."x-github-event" == \'deployment_status\'.',
    ),
  allow: z
    .array(z.enum(['selectAll', 'scenarioIds', 'simulatorId']))
    .max(3)
    .exactOptional()
    .describe('What the JSON body of a delivery may choose instead of execute. Absent: nothing.'),
  coalesce: duration(1, 1440)
    .exactOptional()
    .describe(
      'Deliveries within this time of the first one join its firing: 1 minute to 1 day. Absent: each fires.',
    ),
};

function kind<T extends string>(verify: T, meaning: string) {
  return z.strictObject({ verify: z.literal(verify).describe(meaning), ...common });
}

const header = leaf(readHeaderName);
const prefix = z.string().max(64);

const hmacKeys = z.strictObject({
  ...kind('hmac', 'A signature in the sender’s own scheme, which the other keys describe.').shape,
  signature: z
    .strictObject({
      header: header.describe('The header with the signature.'),
      prefix: prefix.default('').describe('The text before the signature: sha256=, v1=, v0=.'),
      encoding: z.enum(['hex', 'base64']).describe('How the signature is written.'),
      algorithm: z
        .enum(['sha1', 'sha256', 'sha512'])
        .default('sha256')
        .describe('The hash function of the HMAC.'),
    })
    .describe('Where the signature is.'),
  timestamp: z
    .strictObject({
      header: header.describe('The header with the seconds since 1970.'),
      prefix: prefix.default('').describe('The text before them: t=.'),
    })
    .exactOptional()
    .describe('Where the time of signing is, which must be within five minutes of now.'),
  signed: z
    .string()
    .max(200)
    .exactOptional()
    .describe(
      'What is signed, with {timestamp} and, at its end, {body}. Default: {body}, or {timestamp}.{body} where there is a timestamp.',
    ),
  idHeader: header
    .exactOptional()
    .describe("The header with the delivery's id, the same when a delivery is repeated."),
  idField: z
    .string()
    .min(1)
    .max(64)
    .exactOptional()
    .describe(
      "The field of the JSON body with the delivery's id. Without idHeader and idField, equal bodies are one delivery.",
    ),
});

const hmac = hmacKeys
  .refine(
    (written) => !('idHeader' in written && 'idField' in written),
    alwaysAt('idField', 'is written beside idHeader; write one of the two'),
  )
  .superRefine(each(signedFaults), across('signed'))
  .transform(({ signed, ...rest }) => ({
    ...rest,
    signed: signed ?? (rest.timestamp ? '{timestamp}.{body}' : '{body}'),
  }));

function signedFaults({ signed, timestamp }: z.output<typeof hmacKeys>): Found[] {
  if (signed === undefined) return [];
  const found = (message: string) => [{ path: ['signed'], message }];
  const [head = '', ...tails] = signed.split('{body}');
  if (tails.length !== 1 || tails[0] !== '') return found('must have {body} once, at its end');
  const isTimeSigned = head.includes('{timestamp}');
  if (timestamp && !isTimeSigned)
    return found('does not have {timestamp}; a time that is not signed proves nothing');
  return !timestamp && isTimeSigned
    ? found('has {timestamp}, but the key timestamp is missing')
    : [];
}

/** How a trigger takes deliveries. */
export const webhookSchema = z
  .discriminatedUnion('verify', [
    kind('standard-webhooks', 'A Standard Webhooks signature; the secret is whsec_….'),
    kind('github', "GitHub's X-Hub-Signature-256."),
    kind('gitlab', "GitLab's signing token (whsec_…) or X-Gitlab-Token."),
    kind('bearer', 'Authorization: Bearer <the secret>, with an Idempotency-Key.'),
    hmac,
  ])
  .transform(
    ({ coalesce, ...webhook }): Webhook => ({
      ...webhook,
      ...(coalesce !== undefined && { coalesceMinutes: coalesce }),
    }),
  )
  .describe('Lets POST /hooks/<name> fire the trigger (docs/webhooks.md).');
