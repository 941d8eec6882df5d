import * as z from 'zod';
import {
  EVENT_KINDS,
  type EventKind,
  kindSchema,
  type Severity,
  severitySchema,
} from '../../lambda/firing/event-kind.ts';
import type { QuietHours } from '../../lambda/firing/policy.ts';
import type { Timing } from '../../lambda/schedule/schedule.ts';
import { repeated } from './clashes.ts';
import { readBaseUrl, readEmail, readKeyArn, readSecret } from './identifiers.ts';
import { at, duration, each, leaf, listOf, optional } from './leaf.ts';
import type { Report } from './problem.ts';

const { byDefault = [], others = [] } = Object.groupBy(kindSchema.options, (kind) =>
  EVENT_KINDS[kind].isToldByDefault ? 'byDefault' : 'others',
);
const ALL_BUT = new Intl.ListFormat('en-GB').format(others);

const TWICE = 'is already in the list; remove it';

const addresses = listOf(leaf(readEmail)).superRefine(
  each((emails: string[]) =>
    repeated(emails).map(({ index }) => ({ path: [index], message: TWICE })),
  ),
);

const on = optional(
  listOf(z.enum(kindSchema.options)),
  'What this channel is told of; absent: as notify.on says.',
);
const secret = leaf(readSecret).describe(
  'Secrets Manager name (rtt secret set creates it) or full ARN of its secret: the URL of the incoming webhook (slack, teams), the routing key (pagerduty), the signing key whsec_… (webhook).',
);
const url = leaf(readBaseUrl);
const URL_MEANING =
  'Where a webhook is sent; of pagerduty, another address than that of its US region.';

const from = optional(
  z.enum(severitySchema.options),
  'Instead of on: what is at least so severe, and recovered. critical: nothing is tested until a person acts; error: also what a test showed; info: everything.',
);

function channelKind<T extends string>(kind: T, meaning: string) {
  return z.strictObject({ kind: z.literal(kind).describe(meaning), secret, on, from });
}

const channel = z.discriminatedUnion('kind', [
  channelKind('slack', 'An incoming webhook of Slack.'),
  channelKind('teams', 'A webhook of a workflow in Microsoft Teams.'),
  channelKind('pagerduty', 'An integration with the Events API v2 of PagerDuty.').extend({
    url: url.exactOptional().describe(URL_MEANING),
  }),
  channelKind('webhook', 'A receiver of your own, signed as Standard Webhooks are.').extend({
    url: url.describe(URL_MEANING),
  }),
]);

/** Every `kind` that a channel in `notify.channels` can have. */
export const channelKinds = channel.options.map(({ shape }) => shape.kind.value);

const routedChannel = channel
  .refine(
    (one) => one.on === undefined || one.from === undefined,
    at(['from', 'on'], 'is written beside on; remove one of the two'),
  )
  .transform(({ from: least, ...rest }) =>
    least === undefined ? rest : { ...rest, on: kindsFrom(least) },
  );

function kindsFrom(least: Severity): EventKind[] {
  const severe = severitySchema.options.slice(0, severitySchema.options.indexOf(least) + 1);
  return kindSchema.options.filter(
    (kind) => kind === 'recovered' || severe.includes(EVENT_KINDS[kind].severity),
  );
}

const MOMENT =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-]\d\d:\d\d)$/;

/** Key `notify` of one trigger. That its channels exist is checked with the whole file. */
export const triggerNotifySchema = optional(
  z.strictObject({
    email: optional(
      addresses,
      'Addresses that get the messages of this trigger, beside those of notify.email, which get all.',
    ),
    channels: optional(
      listOf(z.string()),
      'Names of notify.channels that get the messages of this trigger; absent: all.',
    ),
    muteUntil: optional(
      z.string().regex(MOMENT, 'is not a moment with an offset; write it as 2027-01-04T08:00:00Z'),
      'Nobody gets a message of this trigger before: 2027-01-04T08:00:00Z.',
    ),
  }),
  'Who is told of this trigger, where it is not everybody.',
);

/** Key `notify` of the whole file; `on` of a channel goes before `on` of all. */
export const notifySchema = z
  .strictObject({
    email: addresses
      .prefault([])
      .describe('Addresses that get all messages; each is asked once to confirm.'),
    on: listOf(z.enum(kindSchema.options))
      .default(byDefault)
      .describe(`What people are told of, by e-mail and in chats; absent: all but ${ALL_BUT}.`),
    channels: optional(
      z.record(z.string(), routedChannel),
      'Where messages go beside the topic, by names of your choice.',
    ),
    repeatAfter: duration(60, 10_080)
      .prefault('12 hours')
      .describe(
        'A problem that goes on is told again after this long, or sooner if it is clearly worse or another one: 1 hour to 7 days.',
      ),
    summary: optional(
      leaf(readSummaryTime),
      "When one message tells what ran since the last one: daily 08:00 or weekly Mon 08:00, in the file's timezone; absent: never.",
    ),
    quietHours: optional(
      leaf(readQuietHours),
      "When only what is critical is told, in the file's timezone: 22:00-07:00. The rest comes in one message at the end.",
    ),
    encryptionKey: optional(
      leaf(readKeyArn),
      'ARN of a KMS key that encrypts the messages at rest; its policy must allow CloudWatch to use it (docs/security.md).',
    ),
  })
  .prefault({})
  .describe('Who is told when something happens, and of what (docs/events.md).');

const HOURS = /^(([01]\d|2[0-3]):[0-5]\d)-(([01]\d|2[0-3]):[0-5]\d)$/;

/** When people want to sleep: `22:00-07:00`. */
export function readQuietHours(
  text: string,
  report: Report,
): Omit<QuietHours, 'timezone'> | undefined {
  const [, from, , until] = HOURS.exec(text) ?? [];
  if (from !== undefined && until !== undefined && from !== until) return { from, until };
  return report('is not a time of every day; write it as 22:00-07:00');
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const TIME = /^(?:daily|weekly (Sun|Mon|Tue|Wed|Thu|Fri|Sat)) ([01]\d|2[0-3]):([0-5]\d)$/;

/** When a summary is told: `daily 08:00` or `weekly Mon 08:00`. */
export function readSummaryTime(text: string, report: Report): Timing | undefined {
  const match = TIME.exec(text);
  if (!match) {
    return report('is not a time of summaries; write it as daily 08:00 or weekly Mon 08:00');
  }
  const [, day, hour, minute] = match;
  const at = { kind: 'cron', minutes: [Number(minute)], hours: [Number(hour)] } as const;
  const weekdays = day === undefined ? undefined : [DAYS.indexOf(day) + 1];
  return {
    expression: text,
    times: { ...at, ...(weekdays && { day: { kind: 'weekdays', weekdays } }) },
  };
}
