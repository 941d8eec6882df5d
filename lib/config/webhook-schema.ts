import * as z from 'zod';
import type { Webhook } from '../../lambda/config/deployed-config.ts';
import { readFilter } from './filter-expression.ts';
import { readHeaderName, readSecret } from './identifiers.ts';
import { across, always, duration, leaf } from './leaf.ts';

const common = {
  secret: leaf(readSecret).describe(
    "Secrets Manager name (created by the stack) or full ARN of this webhook's own secret.",
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

const hmac = z.strictObject({
  ...kind('hmac', 'A signature of the sender’s own scheme, which the further keys describe.').shape,
  signature: z
    .strictObject({
      header: header.describe('The header with the signature.'),
      prefix: prefix.default('').describe('What precedes the signature: sha256=, v1=, v0=.'),
      encoding: z.enum(['hex', 'base64']).describe('How the signature is written.'),
      algorithm: z
        .enum(['sha1', 'sha256', 'sha512'])
        .default('sha256')
        .describe('The hash function of the HMAC.'),
    })
    .describe('Where the signature stands.'),
  timestamp: z
    .strictObject({
      header: header.describe('The header with the seconds since 1970.'),
      prefix: prefix.default('').describe('What precedes them: t=.'),
    })
    .exactOptional()
    .describe('Where the time of signing stands: at most five minutes from now.'),
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

/** How a trigger takes deliveries. */
export const webhookSchema = z
  .discriminatedUnion('verify', [
    kind('standard-webhooks', 'A Standard Webhooks signature; the secret is whsec_….'),
    kind('github', "GitHub's X-Hub-Signature-256."),
    kind('gitlab', "GitLab's signing token (whsec_…) or X-Gitlab-Token."),
    kind('bearer', 'Authorization: Bearer <the secret>, with an Idempotency-Key.'),
    hmac,
  ])
  .refine((written) => !('idHeader' in written && 'idField' in written), {
    ...always,
    path: ['idField'],
    error: 'stands beside idHeader; allowed: one of them',
  })
  .superRefine((written, { addIssue }) => {
    const message = written.verify === 'hmac' ? signedFault(written) : undefined;
    if (message) addIssue({ code: 'custom', path: ['signed'], message });
  }, across('signed'))
  .transform(toWebhook)
  .describe('Lets POST /hooks/<name> fire the trigger (docs/webhooks.md).');

type Hmac = z.output<typeof hmac>;

function signedFault({ signed, timestamp }: Hmac): string | undefined {
  if (signed === undefined) return undefined;
  const head = signed.endsWith('{body}') ? signed.slice(0, -'{body}'.length) : undefined;
  if (head === undefined || head.includes('{body}')) return 'must end in {body}, and have it once';
  if (timestamp && !head.includes('{timestamp}')) {
    return 'does not have {timestamp}: a time that is not signed proves nothing';
  }
  return !timestamp && head.includes('{timestamp}')
    ? 'has {timestamp}, but there is no key timestamp'
    : undefined;
}

type Simple = z.output<
  ReturnType<typeof kind<'standard-webhooks' | 'github' | 'gitlab' | 'bearer'>>
>;

function toWebhook({ coalesce, ...written }: Simple | Hmac): Webhook {
  const webhook = written.verify === 'hmac' ? { ...written, signed: signedBy(written) } : written;
  return { ...webhook, ...(coalesce !== undefined && { coalesceMinutes: coalesce }) };
}

function signedBy({ signed, timestamp }: Omit<Hmac, 'coalesce'>): string {
  return signed ?? (timestamp ? '{timestamp}.{body}' : '{body}');
}
