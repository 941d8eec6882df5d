import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Channel } from '../../../lambda/config/deployed-config.ts';
import { together } from '../../../lambda/events/together.ts';
import { kindSchema } from '../../../lambda/firing/event-kind.ts';
import type { ServiceEvent, SummaryEvent } from '../../../lambda/firing/service-event.ts';
import { type Message, requestsOf } from '../../../lambda/notify/channels.ts';
import { notify } from '../../../lambda/notify/notify.ts';
import { severalTold } from '../../../lambda/notify/several.ts';
import { summaryTold } from '../../../lambda/notify/summary.ts';
import { toldOf } from '../../../lambda/notify/told.ts';
import type { Publication } from '../../../lambda/runtime/aws.ts';
import { serveLoopback } from '../../../lib/local/server/http-server.ts';
import { captureLog } from '../../support/captured-log.ts';
import { followTests } from '../../support/follow-world.ts';
import { realEvents, SCHEDULES } from './real-events.ts';

const NOW = new Date('2026-11-24T02:05:00Z');
const SETTING = {
  service: 'run-test-trigger',
  timezone: 'Europe/Berlin',
  schedules: SCHEDULES,
  region: 'eu-central-1',
  hasDashboard: true,
  logGroup: 'SweepLog-1a2b',
  runbook: 'https://github.com/acme/runs/blob/HEAD/docs/runbook.md',
};
const KEY = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const tests = followTests();
let events: ServiceEvent[];
beforeAll(async () => {
  events = await realEvents(tests);
});
afterAll(() => events.splice(0));

function eventOf(kind: ServiceEvent['kind']): ServiceEvent {
  const event = events.find((one) => one.kind === kind);
  if (!event) throw new Error(`no event ${kind}`);
  return event;
}

function bodyOf(channel: Channel, event: ServiceEvent) {
  const message = { told: toldOf(event, SETTING), detail: event, service: 'run-test-trigger' };
  return requestsOf(channel, 'https://hooks.example.com/T0/secret', message, NOW)[0]?.body;
}

const CHANNELS: Readonly<Record<string, Channel>> = {
  slack: { kind: 'slack', secret: 'notify/slack' },
  teams: { kind: 'teams', secret: 'notify/teams' },
  pagerduty: { kind: 'pagerduty', secret: 'notify/pagerduty' },
  webhook: { kind: 'webhook', secret: 'notify/webhook', url: 'https://example.com/hook' },
};

const SUMMARY: SummaryEvent = {
  version: 1,
  id: 'summary/2026-11-24T07:00:00.000Z',
  kind: 'summary',
  time: '2026-11-24T07:00:10.000Z',
  from: '2026-11-23T07:00:00.000Z',
  until: '2026-11-24T07:00:00.000Z',
  outcomes: { passed: 3, failed: 1, missed: 1 },
  cost: { cents: 96, runs: 1 },
  triggers: [
    { trigger: 'checkout', outcomes: { passed: 2, missed: 1 }, success_rate: 100 },
    {
      trigger: 'nightly',
      outcomes: { passed: 1, failed: 1 },
      success_rate: 50,
      cost: { cents: 96, runs: 1 },
    },
  ],
  repeated: false,
};

/** Everything that people are told, in order. */
function messages(): Message[] {
  const { service } = SETTING;
  const several = together(
    events.map((event) => ({ event: { ...event, repeated: false }, causes: [] })),
    NOW,
  ).flatMap((event) => (event.kind === 'several' ? [event] : []));
  return [
    ...events.map((detail) => ({ detail, told: toldOf(detail, SETTING), service })),
    ...several.flatMap((detail) => {
      const told = severalTold(detail, SETTING);
      return told ? [{ detail, told, service }] : [];
    }),
    { detail: SUMMARY, told: summaryTold(SUMMARY, SETTING), service },
  ];
}

test.each(['slack', 'teams', 'pagerduty', 'webhook'])(
  '%s gets every kind in its own form',
  async (name) => {
    const channel = CHANNELS[name] ?? expect.fail();
    const bodies = messages().map((message) => [
      `######## ${message.detail.kind}`,
      ...requestsOf(channel, KEY, message, NOW).map(({ body }) =>
        JSON.stringify(JSON.parse(body), null, 2),
      ),
    ]);
    expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(kindSchema.options));
    await expect(`${bodies.flat().join('\n')}\n`).toMatchFileSnapshot(`./messages-${name}.txt`);
  },
);

test('a webhook is signed as Standard Webhooks are, and has the whole event', () => {
  const detail = eventOf('failed');
  const message = { told: toldOf(detail, SETTING), detail, service: 'run-test-trigger' };
  const channel: Channel = { kind: 'webhook', secret: 'x', url: 'https://example.com/hook' };
  const now = new Date();
  const [request] = requestsOf(channel, KEY, message, now);
  expect(request?.url).toBe('https://example.com/hook');
  expect(new Webhook(KEY).verify(request?.body ?? '', { ...request?.headers })).toEqual({
    type: 'run-test-trigger.failed',
    timestamp: detail.time,
    data: detail,
  });
  expect(request?.headers['webhook-id']).toBe(detail.id);
});

test('a channel of 100 evaluations and 10 long reasons stays within what its receiver takes', () => {
  const event = eventOf('failed');
  const evaluations = Array.from({ length: 100 }, (_, index) => ({ name: `E${index}`, score: 1 }));
  const reasons = Array.from({ length: 50 }, () => `<!channel> ${'x'.repeat(900)}`);
  const large = { ...event, reasons, result: event.result && { ...event.result, evaluations } };
  const { blocks } = JSON.parse(bodyOf({ kind: 'slack', secret: 's' }, large) ?? '');
  for (const { text } of blocks) expect(text.text.length).toBeLessThanOrEqual(3_000);
  expect(JSON.stringify(blocks.slice(1))).not.toContain('<!');
  expect(bodyOf({ kind: 'teams', secret: 's' }, large)?.length).toBeLessThan(20_000);
  expect(bodyOf({ kind: 'pagerduty', secret: 's' }, large)?.length).toBeLessThan(20_000);
});

/** A receiver on loopback that answers with this status, and the notify function that knows it as `qa`. */
async function receiver(status: number, muteUntil?: string) {
  const log = captureLog();
  const received: string[] = [];
  const server = await serveLoopback(async (request, response) => {
    received.push(Buffer.concat(await Array.fromAsync(request)).toString());
    response.writeHead(status).end('{"message": "no_service"}');
  });
  onTestFinished(() => server.stop());
  const settings = {
    topicArn: 'arn:aws:sns:us-east-1:000000000000:none',
    service: 'run-test-trigger',
    timezone: 'UTC',
    kinds: ['failed', 'rejected'] as const,
    channels: { qa: { kind: 'slack', secret: 'notify/qa' } } as const,
    triggers: {},
    ...(muteUntil !== undefined && { notifyOf: { nightly: { muteUntil } } }),
  };
  const sns = { publish: () => Promise.reject(new Error('the topic is not asked')) };
  const readSecret = async () => `${server.url}/services/T0/token`;
  const send = (detail: ServiceEvent) =>
    notify({ channel: 'qa', event: { detail } }, { sns, readSecret, now: () => NOW }, settings);
  return { send, received, log };
}

test('the function posts to the address in the secret, and logs no address', async () => {
  const { send, received, log } = await receiver(200);
  await send(eventOf('failed'));
  await send(eventOf('passed'));
  expect(received).toHaveLength(1);
  expect(JSON.parse(received[0] ?? '').text).toBe(
    '❌ nightly FAILED: 5 of 10 calls completed (50 %), at least 90 % wanted',
  );
  expect(log).toMatchObject([{ event: 'notification_sent', channel: 'qa', kind: 'failed' }]);
  expect(JSON.stringify(log)).not.toContain('services');
});

test('what a receiver does not take is an error without its address', async () => {
  const { send } = await receiver(404);
  await expect(send(eventOf('failed'))).rejects.toThrow(
    'The channel qa has not taken the message: HTTP 404, no_service',
  );
});

// until when the trigger is mute, how many messages come
test.each([
  ['2026-11-24T02:05:01Z', 0],
  ['2026-11-24T02:05:00Z', 1],
])('a trigger that is mute until %s sends %i messages', async (until, count) => {
  const { send, received } = await receiver(200, until);
  await send(eventOf('failed'));
  expect(received).toHaveLength(count);
});

test('a message of the topic carries what a filter policy chooses by', async () => {
  captureLog();
  const sent: Publication[] = [];
  const sns = {
    publish: async (input: Publication) => ({ MessageId: String(sent.push(input)) }),
  };
  const settings = {
    ...SETTING,
    kinds: kindSchema.options,
    triggers: {},
    topicArn: 'arn:aws:sns:::t',
  };
  const details = messages()
    .slice(-2)
    .map(({ detail }) => detail);
  for (const detail of [eventOf('failed'), ...details]) {
    await notify({ detail }, { sns, readSecret: async () => '', now: () => NOW }, settings);
  }
  const attributes = sent.map((input) =>
    Object.entries(input.MessageAttributes).map(
      ([name, { StringValue }]) => `${name} ${StringValue}`,
    ),
  );
  expect(attributes).toEqual([
    ['trigger ["nightly"]', 'kind ["failed"]', 'severity ["error"]'],
    [
      'trigger ["nightly"]',
      expect.stringContaining('kind ["failed","inconclusive","lost"'),
      'severity ["error","critical","info"]',
    ],
    ['kind ["summary"]', 'severity ["info"]'],
  ]);
});
