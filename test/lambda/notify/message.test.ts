import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kindSchema } from '../../../lambda/firing/event-kind.ts';
import type { ServiceEvent } from '../../../lambda/firing/service-event.ts';
import { messageOf } from '../../../lambda/notify/message.ts';
import { SERVICE_EVENTS } from './service-events.ts';

/** The literal messages of every kind, in the order of the kinds. */
const expected = readFileSync(new URL('./messages.txt', import.meta.url), 'utf8');

function textOf(event: ServiceEvent): string {
  const { subject, email, sms, chat } = messageOf(event, 'run-test-trigger', 'Europe/Berlin');
  return [
    `######## ${event.kind}`,
    `Subject: ${subject}`,
    email,
    `SMS: ${sms}`,
    `Chat: ${JSON.stringify(chat, null, 2)}`,
  ].join('\n');
}

test('every kind of event has its message', () => {
  expect(SERVICE_EVENTS.map(({ kind }) => kind)).toEqual(kindSchema.options);
  expect(`${SERVICE_EVENTS.map(textOf).join('\n\n')}\n`).toBe(expected);
});

describe('a subject', () => {
  test.each(SERVICE_EVENTS)('of $kind is what SNS takes, however long the names are', (event) => {
    const long = { ...event, trigger: 'a'.repeat(40) };
    const { subject } = messageOf(long, `run-test-trigger-${'b'.repeat(20)}`, 'UTC');
    expect(subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,98}$/);
  });
});

test('where the default time zone is UTC, a time is told once', () => {
  const [started] = SERVICE_EVENTS;
  if (!started) throw new Error('no event');
  expect(messageOf(started, 'run-test-trigger', 'UTC').email).toContain(
    'When       2026-11-24 02:00 UTC\n',
  );
});

test('the API’s own words forge no section, no line and no link', () => {
  const [event] = SERVICE_EVENTS.filter(({ kind }) => kind === 'rejected');
  if (!event) throw new Error('no event');
  const reasons = ['No.\n\nWhat to do\nOpen [this page](http://evil.example)\u202e<!here>'];
  const { email, sms, chat } = messageOf({ ...event, reasons }, 'run-test-trigger', 'UTC');
  const words = 'No. What to do Open [this page](http://evil.example) <!here>';
  expect(email).toContain(`Why\n- ${words}\n`);
  expect(sms).toContain(words);
  expect(chat.content.description).toContain(
    '• No. What to do Open [this page] (http://evil.example) &lt;!here&gt;',
  );
});

test.each([
  ['*What to do:* pay', '∗What to do:∗ pay'],
  ['__What to do:__ pay', 'ˍˍWhat to do:ˍˍ pay'],
  ['_What to do:_ pay', 'ˍWhat to do:ˍ pay'],
  ['No.\u2028\u3164\u2800What to do: pay', 'No. What to do: pay'],
  ['~not~ `this`', '∼not∼ ˋthisˋ'],
  ['tone_check of the run_test', 'tone_check of the run_test'],
])('in a chat, %s is no label of ours', (reason, shown) => {
  const [event] = SERVICE_EVENTS.filter(({ kind }) => kind === 'rejected');
  if (!event) throw new Error('no event');
  const { chat } = messageOf({ ...event, reasons: [reason] }, 'run-test-trigger', 'UTC');
  expect(chat.content.description.split('\n')).toContain(`• ${shown}`);
});
