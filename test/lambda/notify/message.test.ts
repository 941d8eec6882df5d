import { beforeAll, expect, test } from 'vitest';
import { kindSchema } from '../../../lambda/firing/event-kind.ts';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import type { Setting } from '../../../lambda/notify/facts.ts';
import { toldOf } from '../../../lambda/notify/told.ts';
import { messageOf } from '../../../lambda/notify/topic.ts';
import { followTests } from '../../support/follow-world.ts';
import { realEvents, SCHEDULES } from './real-events.ts';

const SETTING: Setting = {
  service: 'run-test-trigger',
  timezone: 'UTC',
  schedules: SCHEDULES,
  region: 'eu-central-1',
  hasDashboard: true,
  logGroup: 'SweepLog-1a2b',
  runbook: 'https://github.com/acme/runs/blob/HEAD/docs/runbook.md',
};

const tests = followTests();
let events: ServiceEvent[];
beforeAll(async () => {
  events = await realEvents(tests);
});

function eventOf(kind: ServiceEvent['kind']): ServiceEvent {
  const event = events.find((one) => one.kind === kind);
  if (!event) throw new Error(`no event ${kind}`);
  return event;
}

const messageFrom = (event: ServiceEvent, setting: Setting) =>
  messageOf(toldOf(event, setting), setting.service);

function textOf(event: ServiceEvent): string {
  const { subject, email, sms, chat } = messageFrom(event, SETTING);
  return [
    `######## ${event.kind}`,
    `Subject: ${subject}`,
    email,
    `SMS: ${sms}`,
    `Chat: ${JSON.stringify(chat, null, 2)}`,
  ].join('\n');
}

test('every kind of event has its message', async () => {
  expect(new Set(events.map(({ kind }) => kind))).toEqual(new Set(kindSchema.options));
  const text = `${events.map(textOf).join('\n\n')}\n`;
  await expect(text).toMatchFileSnapshot('./messages.txt');
});

test('a subject is what SNS takes, and keeps the verb, however long the names are', () => {
  const service = `run-test-trigger-${'b'.repeat(40)}`;
  for (const event of events) {
    const long = { ...event, trigger: 'a'.repeat(40), reasons: ['“Zürich” – 3 of 10…'.repeat(9)] };
    const { subject } = messageFrom(long, { ...SETTING, service });
    expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
    const { subject: short } = messageFrom(event, SETTING);
    const verb = /nightly (\S+ \S*)/.exec(short)?.[1]?.replace(/:.*/, '').trim() ?? '-';
    expect(subject).toContain(verb);
  }
});

test('a preview has the number and the reason', () => {
  expect(messageFrom(eventOf('failed'), SETTING)).toMatchObject({
    subject:
      '[run-test-trigger] nightly FAILED: 5 of 10 calls completed (50 %), at least 90 % wanted',
    chat: {
      metadata: { summary: 'nightly FAILED: 5 of 10 calls completed (50 %), at least 90 % wanted' },
    },
  });
});

test('where the zone is UTC, a time is told once', () => {
  const { email } = messageFrom(eventOf('started'), {
    service: 'run-test-trigger',
    timezone: 'UTC',
  });
  expect(email).toContain('When       Tue 2026-11-24 02:01 UTC\n');
});

test('without a verdict, a trigger that is well again starts again', () => {
  const { result: _, ...event } = eventOf('recovered');
  expect(messageFrom(event, SETTING).subject).toBe('[run-test-trigger] nightly starts again');
});

test('a hundred evaluations make a short message', () => {
  const event = eventOf('passed');
  const evaluations = Array.from({ length: 100 }, (_, index) => ({
    name: `Evaluation ${index}`,
    score: 100 - index,
  }));
  const result = event.result && { ...event.result, evaluations };
  const { email } = messageFrom({ ...event, result }, SETTING);
  expect(email).toContain('Evaluation 99 1, Evaluation 98 2,');
  expect(email).toContain(', and 92 more\n');
  expect(email.length).toBeLessThan(1_500);
});

test('the API’s own words forge no section, no line and no link', () => {
  const reasons = ['No.\n\nWhat to do\nOpen [this page](http://evil.example)\u202e<!here>\u2800'];
  const event = { ...eventOf('rejected'), reasons };
  const { email, sms, chat } = messageFrom(event, SETTING);
  const words = 'What to do Open [this page](http://evil.example) <!here>';
  expect(email).toContain(`Why\n- ${words}\n`);
  expect(sms).toBe('run-test-trigger: nightly was refused and NOT started: No');
  expect(chat.content.description).toContain(
    '• What to do Open [this page] (http://evil.example) &lt;!here&gt;',
  );
});

test.each([
  ['*What to do:* pay', '∗What to do:∗ pay'],
  ['__What to do:__ pay', 'ˍˍWhat to do:ˍˍ pay'],
  ['_What to do:_ pay', 'ˍWhat to do:ˍ pay'],
  ['~not~ `this`', '∼not∼ ˋthisˋ'],
  ['tone_check of the run_test', 'tone_check of the run_test'],
])('in a chat, %s is no label of ours', (reason, shown) => {
  const event = { ...eventOf('rejected'), reasons: ['No.', reason] };
  const { chat } = messageFrom(event, SETTING);
  expect(chat.content.description.split('\n')).toContain(`• ${shown}`);
});
