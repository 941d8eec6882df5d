import * as z from 'zod';
import type { Webhook } from '../../lambda/firing/trigger.ts';
import { readFilter } from './filter-expression.ts';
import {
  header,
  hmacShape,
  idField,
  idHeader,
  isTimeInHeader,
  prefixFaults,
  signedFaults,
} from './hmac-schema.ts';
import { readBaseUrl, readSecret, readTopic } from './identifiers.ts';
import { across, alwaysAt, duration, each, leaf, optional } from './leaf.ts';
import { PRESETS } from './webhook-presets.ts';

/** Key `allow` of a webhook and of an event alike. */
export const allow = optional(
  z.array(z.enum(['selectAll', 'scenarioIds', 'simulatorId'])).max(3),
  'What the JSON body of a delivery, or the detail of an event, may choose instead of execute. Absent: nothing.',
);

/** Key `coalesce` of a webhook and of an event alike; read into minutes. */
export const coalesce = optional(
  duration(1, 1440),
  'Deliveries, or events, within this time of the first one join its firing: 1 minute to 1 day. Absent: each fires.',
);

const common = {
  secret: leaf(readSecret).describe(
    "Secrets Manager name (rtt secret set creates it) or full ARN of this webhook's own secret.",
  ),
  when: optional(
    leaf(readFilter),
    'JMESPath on { headers, body, query }; a delivery for which it is false fires nothing: headers."x-github-event" == \'deployment_status\'.',
  ),
  allow,
  coalesce,
};

function kind<T extends string>(verify: T, meaning: string) {
  return z.strictObject({ verify: z.literal(verify).describe(meaning), ...common });
}

function commitStatus(baseUrl: string, meaning: string, example: string) {
  return z
    .strictObject({
      secret: leaf(readSecret).describe(
        'Secrets Manager name (rtt secret set creates it) or full ARN of the access token that sets it.',
      ),
      baseUrl: leaf(readBaseUrl)
        .prefault(baseUrl)
        .describe(`Address of its API; of a server of your own: ${example}.`),
    })
    .exactOptional()
    .describe(meaning);
}

const hmacKeys = z.strictObject({
  ...kind('hmac', 'A signature in the sender’s own scheme, which the other keys describe.').shape,
  ...hmacShape,
});

const ONE_ID = alwaysAt('idField', 'is written beside idHeader; write one of the two');
const hasOneId = (written: object) => !('idHeader' in written && 'idField' in written);

const hmac = hmacKeys
  .refine(hasOneId, ONE_ID)
  .superRefine(each(prefixFaults), across('signature', 'timestamp'))
  .superRefine(each(signedFaults), across('signed', 'timestamp'))
  .transform(({ signed, ...rest }) => ({
    ...rest,
    signed: signed ?? (isTimeInHeader(rest.timestamp) ? '{timestamp}.{body}' : '{body}'),
  }));

const bearer = z
  .strictObject({
    ...kind('bearer', 'Authorization: Bearer <the secret>, with an Idempotency-Key.').shape,
    header: optional(
      header,
      'A header that holds the token alone: X-Buildkite-Token, x-vapi-secret.',
    ),
    idHeader,
    idField,
  })
  .refine(hasOneId, ONE_ID);

const { secret: _, ...unkeyed } = common;

const sns = z.strictObject({
  verify: z
    .literal('sns')
    .describe('Messages of an Amazon SNS topic, which Amazon signs: there is no secret.'),
  topic: leaf(readTopic).describe('The ARN of the topic; those of every other topic are refused.'),
  ...unkeyed,
});

const presets = Object.entries(PRESETS).map(([name, { description, scheme }]) =>
  kind(name, description).transform(
    ({ verify: _, ...settings }) => ({ verify: 'hmac', ...settings, ...scheme }) as const,
  ),
);

/** Key `webhook` of a trigger: `verify` decides which other keys there are. */
export const webhookSchema = z
  .discriminatedUnion('verify', [
    kind(
      'standard-webhooks',
      'A Standard Webhooks signature, also with Svix’s names of the headers; the secret is whsec_….',
    ),
    kind('github', "GitHub's X-Hub-Signature-256.").extend({
      commitStatus: commitStatus(
        'https://api.github.com',
        'Sets a status on the commit of the delivery: pending, then success, failure or error.',
        'https://github.example.com/api/v3',
      ),
    }),
    kind('gitlab', "GitLab's signing token (whsec_…) or X-Gitlab-Token.").extend({
      commitStatus: commitStatus(
        'https://gitlab.com/api/v4',
        'Sets a status on the commit of the delivery: pending, then success or failed.',
        'https://gitlab.example.com/api/v4',
      ),
    }),
    bearer,
    hmac,
    ...presets,
    sns,
  ])
  .transform(
    ({ coalesce, ...webhook }): Webhook => ({
      ...webhook,
      ...(coalesce !== undefined && { coalesceMinutes: coalesce }),
    }),
  )
  .describe('Lets POST /hooks/<name> fire the trigger (docs/webhooks.md).');
